using System.Globalization;

namespace FluentEventStore.Subscriptions;

/// <summary>A range of slices of a subscription: what one worker carries.</summary>
/// <param name="Subscription">The name of the subscription.</param>
/// <param name="Version">The version of its handler.</param>
/// <param name="First">Its first slice.</param>
/// <param name="Last">Its last slice.</param>
internal readonly record struct RangeKey(string Subscription, int Version, short First, short Last)
{
    public bool Holds(int slice) => slice >= First && slice <= Last;

    /// <summary>Splits all slices into ranges of about the same size.</summary>
    public static IReadOnlyList<(short First, short Last)> Split(int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => (
            (short)(index * SubscriptionTables.SliceCount / count), (short)(((index + 1) * SubscriptionTables.SliceCount / count) - 1))),
    ];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Subscription} v{Version} [{First}-{Last}]");
}
