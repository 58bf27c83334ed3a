using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// The JSON of the events of a unit, some of which hold personal data. It shares nothing with the session or with the appended objects.
/// </summary>
/// <param name="tenantId">The tenant of the unit.</param>
/// <param name="plain">The JSON of the events without personal data, by their ids.</param>
/// <param name="drafts">The other events. They are encrypted again from these if their keys are lost.</param>
/// <param name="encrypted">Their JSON as it is stored, by their ids.</param>
/// <param name="keys">The keys that they were encrypted with, which open them.</param>
/// <param name="used">The same keys in the form that is compared with the database.</param>
internal sealed class SealedUnit(
    TenantId tenantId,
    IReadOnlyDictionary<Guid, byte[]> plain,
    IReadOnlyList<UnitDraft> drafts,
    IReadOnlyDictionary<Guid, byte[]> encrypted,
    ISubjectKeySource keys,
    UsedKeys used)
{
    /// <summary>For a unit that cannot be encrypted, and is only looked for.</summary>
    public static SealedUnit Withheld(TenantId tenantId) =>
        new(
            tenantId,
            new Dictionary<Guid, byte[]>(),
            [],
            new Dictionary<Guid, byte[]>(),
            NoKeys.Instance,
            new UsedKeys(tenantId, new Dictionary<SubjectId, SubjectKey>())) { IsWithheld = true };

    public TenantId TenantId => tenantId;

    public IReadOnlyDictionary<Guid, byte[]> Plain => plain;

    public IReadOnlyList<UnitDraft> Drafts => drafts;

    public ISubjectKeySource Keys => keys;

    public UsedKeys Used => used;

    /// <summary>Whether the database must have the keys when the unit is written: not if they are kept elsewhere.</summary>
    public bool AreKeysChecked { get; init; } = true;

    private bool IsWithheld { get; init; }

    public byte[] JsonOf(Guid eventId) => IsWithheld ? [] : encrypted.TryGetValue(eventId, out var json) ? json : plain[eventId];

    /// <summary>The same unit, whose keys are not checked.</summary>
    public SealedUnit Unchecked() => new(tenantId, plain, drafts, encrypted, keys, used) { AreKeysChecked = false };
}
