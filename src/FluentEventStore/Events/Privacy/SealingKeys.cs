using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// The keys that encrypt the events of a tenant. A subject keeps the key that was taken for it first, even if another one is at hand later:
/// so all keys in use are compared with the database when the events are written.
/// </summary>
/// <param name="ofTenant">The tenant.</param>
/// <param name="atHand">The keys that need not be fetched.</param>
internal sealed class SealingKeys(TenantId ofTenant, ISubjectKeySource atHand) : ISubjectKeySource
{
    private readonly Dictionary<SubjectId, SubjectKey> _taken = [];
    private ISubjectKeySource _atHand = atHand;

    /// <summary>The keys that were taken, without those that are destroyed.</summary>
    public UsedKeys Used => new(ofTenant, _taken.Where(static taken => !taken.Value.IsForgotten));

    public void Add(KeySet fetched) => _atHand = fetched.With(_atHand);

    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        if (tenantId != ofTenant)
            throw new ArgumentException($"The keys belong to tenant '{ofTenant}', not to '{tenantId}'.", nameof(tenantId));

        if (_taken.TryGetValue(subject, out key))
            return true;

        if (!_atHand.TryGet(tenantId, subject, out key))
            return false;

        _taken.Add(subject, key);
        return true;
    }
}
