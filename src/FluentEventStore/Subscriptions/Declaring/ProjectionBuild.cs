using System.Globalization;

namespace FluentEventStore.Subscriptions;

/// <summary>One of the tables in which a version of a projection is kept, with the progress that belongs to it.</summary>
/// <param name="Projection">The name of the projection.</param>
/// <param name="Version">Its version.</param>
/// <param name="Slot">Which table: 0 for the first, 1 for the second.</param>
internal sealed record ProjectionBuild(string Projection, int Version, int Slot)
{
    /// <summary>The name of the subscription that keeps it: that of the projection, for the first version in its first table.</summary>
    public string Subscription => (Version, Slot) switch
    {
        (1, 0) => Projection,
        var (version, slot) => string.Create(CultureInfo.InvariantCulture, $"{Projection}#{version}{(slot == 0 ? "" : "b")}"),
    };

    /// <summary>SQL for the name of the subscription that keeps the first table of a version.</summary>
    /// <param name="projection">SQL for the name of the projection.</param>
    /// <param name="version">SQL for its version.</param>
    public static string FirstSubscriptionSql(string projection, string version) =>
        $"case when {version} = 1 then {projection} else {projection} || '#' || {version} end";
}
