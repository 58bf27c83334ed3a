using System.Globalization;

namespace FluentEventStore.Subscriptions;

/// <summary>A range of slices of a subscription: what one worker carries.</summary>
/// <param name="Subscription">The name of the subscription.</param>
/// <param name="Version">The version of its handler.</param>
/// <param name="First">Its first slice.</param>
/// <param name="Last">Its last slice.</param>
internal readonly record struct RangeKey(string Subscription, int Version, short First, short Last)
{
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Subscription} v{Version} [{First}-{Last}]");
}
