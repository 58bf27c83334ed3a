namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>Who takes part, in the order of their turns.</summary>
internal static class AllContenders
{
    private static readonly IReadOnlyList<(string Name, Func<string, IContender> Make)> Known =
    [
        (Names.Ours, connectionString => new OurContender(connectionString)),
        (Names.Marten, connectionString => new MartenContender(Names.Marten, connectionString)),
        (Names.TunedMarten, MartenContender.Tuned),
        (Names.Bare, connectionString => new BareContender(Names.Bare, connectionString)),
        (Names.Combined, connectionString => new CombinedContender(connectionString)),
    ];

    /// <summary>The contenders of a comparison.</summary>
    public static IReadOnlyList<string> Compared { get; } = [Names.Ours, Names.Marten, Names.Bare];

    /// <summary>The contenders with these names.</summary>
    public static IReadOnlyList<IContender> Make(string connectionString, IEnumerable<string> names) =>
    [
        .. Known
            .Where(known => names.Contains(known.Name, StringComparer.OrdinalIgnoreCase))
            .Select(known => known.Make(connectionString)),
    ];
}
