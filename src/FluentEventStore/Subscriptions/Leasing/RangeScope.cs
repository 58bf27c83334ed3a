namespace FluentEventStore.Subscriptions;

/// <summary>Which keys belong to a range: those of its slices, of one tenant alone or of all but some.</summary>
/// <param name="Range">The range.</param>
/// <param name="Apart">The tenants that have ranges of their own over the same slices.</param>
internal sealed record RangeScope(RangeKey Range, IReadOnlySet<string> Apart)
{
    /// <summary>The tenant that it is of alone; <see langword="null"/> if there is none.</summary>
    public TenantId? Tenant => Range.IsOfAll ? default(TenantId?) : TenantId.Stored(Range.Tenant);

    public bool Holds(EventKey key) => HoldsTenant(key.Tenant) && Range.Holds(key);

    public bool HoldsTenant(string tenant) => Range.IsOfAll ? Apart.Count == 0 || !Apart.Contains(tenant) : tenant == Range.Tenant;
}
