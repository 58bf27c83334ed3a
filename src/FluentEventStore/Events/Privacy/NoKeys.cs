using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>A source without keys.</summary>
internal sealed class NoKeys : ISubjectKeySource
{
    private NoKeys()
    {
    }

    public static NoKeys Instance { get; } = new();

    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        key = null;
        return false;
    }
}
