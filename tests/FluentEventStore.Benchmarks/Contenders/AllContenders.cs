namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>Who takes part, in the order of their turns.</summary>
internal static class AllContenders
{
    private static readonly IReadOnlyList<(string Name, Func<string, IContender> Make)> Known =
    [
        (Names.Marten, connectionString => new MartenContender(connectionString)),
        (Names.Bare, connectionString => new BareContender(connectionString)),
    ];

    /// <summary>All of them, or the one with the name.</summary>
    public static IReadOnlyList<IContender> Make(string connectionString, string? name = null) =>
    [
        .. Known
            .Where(known => name is null || known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(known => known.Make(connectionString)),
    ];
}
