namespace FluentEventStore.Outbox;

/// <summary>What tells lanes apart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tenant">The tenant.</param>
internal readonly record struct LaneKey(string Name, string Tenant)
{
    /// <summary>Before all lanes.</summary>
    public static LaneKey Start => new("", "");
}
