namespace FluentEventStore.Subscriptions;

/// <summary>What keeps events of a subscription in order: those of one key are handled one after the other.</summary>
/// <param name="Tenant">The tenant of the events.</param>
/// <param name="Key">The key within it.</param>
internal readonly record struct EventKey(string Tenant, string Key)
{
    /// <summary>The key of an event by a partition. An event without one is a key of its own.</summary>
    public static EventKey Of(IEvent @event, Partition partition) =>
        new(@event.TenantId.Value, partition.KeyOf(@event) ?? @event.Id.ToString());

    /// <summary>The slice that the key falls into: the same in every process and release.</summary>
    public int Slice => Slices.Of(Tenant, Key);
}
