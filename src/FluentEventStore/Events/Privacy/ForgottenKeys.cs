using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>Reads events as if every subject was forgotten: for what personal data has no part in.</summary>
internal sealed class ForgottenKeys : ISubjectKeySource
{
    private ForgottenKeys()
    {
    }

    public static ForgottenKeys Instance { get; } = new();

    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        key = SubjectKey.Forgotten;
        return true;
    }
}
