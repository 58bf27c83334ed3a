using System.Globalization;

namespace FluentEventStore.Subscriptions;

/// <summary>A range of slices of a subscription: what one worker carries.</summary>
/// <param name="Subscription">The name of the subscription.</param>
/// <param name="Version">The version of its handler.</param>
/// <param name="First">Its first slice.</param>
/// <param name="Last">Its last slice.</param>
/// <param name="Tenant">The tenant that it is of alone; empty for all that have no ranges of their own.</param>
internal readonly record struct RangeKey(string Subscription, int Version, short First, short Last, string Tenant = "")
{
    /// <summary>Whether it is that of all tenants that have none of their own.</summary>
    public bool IsOfAll => Tenant.Length == 0;

    /// <summary>The range of all tenants that have none of their own, over the same slices.</summary>
    public RangeKey OfAll => this with { Tenant = "" };

    private bool IsAll => First == 0 && Last == SubscriptionTables.SliceCount - 1;

    public bool Holds(int slice) => slice >= First && slice <= Last;

    /// <summary>Whether the slice of a key is one of them.</summary>
    public bool Holds(EventKey key) => IsAll || Holds(key.Slice);

    /// <summary>Splits all slices into ranges of about the same size.</summary>
    public static IReadOnlyList<(short First, short Last)> Split(int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => (
            (short)(index * SubscriptionTables.SliceCount / count), (short)(((index + 1) * SubscriptionTables.SliceCount / count) - 1))),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Subscription} v{Version} [{First}-{Last}]{(IsOfAll ? "" : $" of tenant {Tenant}")}");
}
