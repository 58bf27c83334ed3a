using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Serialization;

/// <summary>The keys that are at hand while one event is written or read. It never fetches any.</summary>
internal interface ISubjectKeySource
{
    /// <summary>
    /// Whether a key may have changed since. If so, a value that it does not open is an error only after the key was fetched anew.
    /// </summary>
    bool MayBeStale => false;

    /// <summary>Gives a key that is at hand.</summary>
    bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key);
}
