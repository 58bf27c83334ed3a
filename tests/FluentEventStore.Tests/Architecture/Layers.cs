namespace FluentEventStore.Tests.Architecture;

/// <summary>Which folder of src/FluentEventStore may use which: the table of docs/explanation/architecture.md.</summary>
internal static class Layers
{
    private const string Root = SourceTypes.RootLayer;

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [Root] = [],
        ["Telemetry"] = [Root],
        ["Serialization"] = [Root],
        ["Postgres"] = [Root, "Telemetry"],
        ["Schema"] = [Root, "Postgres"],
        ["Events"] = [Root, "Telemetry", "Serialization", "Postgres", "Schema"],
        ["Documents"] = [Root, "Telemetry", "Serialization", "Postgres", "Schema"],
        ["Aggregates"] = [Root, "Serialization", "Events", "Documents"],
        ["Sessions"] = [Root, "Telemetry", "Serialization", "Postgres", "Schema", "Events", "Documents", "Aggregates"],
        ["Projections"] = [Root, "Telemetry", "Serialization", "Postgres", "Schema", "Events", "Documents", "Aggregates", "Sessions"],
        ["Handlers"] = [Root, "Serialization", "Events", "Sessions"],
        ["Commands"] = [Root, "Serialization", "Events", "Aggregates", "Sessions"],
        ["Hosting"] = [Root, "Telemetry", "Serialization", "Postgres", "Schema", "Events", "Documents", "Aggregates", "Sessions", "Projections", "Handlers", "Commands"],
    };

    public static IEnumerable<string> Known => Allowed.Keys;

    /// <summary>The sentence for a use that the table forbids; <see langword="null"/> where it allows it.</summary>
    public static string? Judge(string user, string userLayer, string used, string usedLayer) =>
        userLayer == usedLayer || Allowed[userLayer].Contains(usedLayer) ? null : $"{Short(user, userLayer)} uses {Short(used, usedLayer)}";

    public static string Short(string fullName, string layer) => $"{layer}.{fullName[(fullName.LastIndexOf('.') + 1)..]}";
}
