using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Serialization;

/// <summary>The keys that are at hand while one event is written or read, which asks nobody else.</summary>
internal interface ISubjectKeySource
{
    /// <summary>Whether a key may be another one by now, so that what it does not open is no error before it was asked for anew.</summary>
    bool MayBeStale => false;

    /// <summary>Gives a key that is at hand.</summary>
    bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key);
}
