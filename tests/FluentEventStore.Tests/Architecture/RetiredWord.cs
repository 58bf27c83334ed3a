using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

/// <summary>A word that is retired in some places: there it means something else, or nothing. One idea has one word.</summary>
/// <param name="Places">The beginnings of the paths of files and folders where it is retired. Elsewhere it may be the right word.</param>
/// <param name="Pattern">The word, as a regular expression.</param>
/// <param name="Instead">What is said instead, and why.</param>
internal sealed record RetiredWord(string[] Places, string Pattern, string Instead)
{
    private static readonly string[] Everywhere =
        ["src/", "generators/", "tests/", "samples/", "docs/", "README.md", "CONTRIBUTING.md", "src/FluentEventStore/README.md"];

    // The folders about the order of the log. Deciders decide, attributes mark, and an encrypted value has a mark of its event.
    private static readonly string[] Order =
    [
        "src/FluentEventStore/Events/Ordering/",
        "src/FluentEventStore/Events/Reading/",
        "src/FluentEventStore/Events/Transfer/Exporting/ExportedLinks.cs",
        "tests/FluentEventStore.PostgresTests/Events/Ordering/",
        "tests/FluentEventStore.PostgresTests/Events/Reading/",
        "tests/FluentEventStore.Proofs/Events/",
        "docs/adr/0001-settled-by-shared-locks.md",
        "docs/adr/0040-links-travel-with-their-streams.md",
    ];

    // The folders about the kept state of aggregates. A view is one of SQL, or what a projection derives.
    private static readonly string[] KeptStates =
    [
        "src/FluentEventStore/Aggregates/",
        "src/FluentEventStore/Sessions/Saving/",
        "src/FluentEventStore/Projections/Snapshots/",
        "src/FluentEventStore/Events/Units/",
        "src/FluentEventStore/Events/Appending/",
        "tests/FluentEventStore.PostgresTests/Aggregates/",
        "tests/FluentEventStore.PostgresTests/Projections/Snapshots/",
        "docs/how-to/aggregates.md",
        "docs/how-to/inline-snapshots.md",
        "docs/how-to/long-streams.md",
        "docs/adr/0011-snapshot-rows-carry-the-stream-version.md",
        "docs/adr/0026-inline-snapshots-are-folded-from-what-is-stored.md",
        "docs/adr/0027-one-rule-for-rows-of-snapshots.md",
    ];

    private readonly Regex _regex = new(Pattern);

    public static IReadOnlyList<RetiredWord> All { get; } =
    [
        new(Order, @"(?<![A-Za-z])marks?(?![a-z])|(?<!Sealed)Marks?(?![a-z])", "settled position: as far as the log is settled"),
        new(Order, @"(?<![A-Za-z])decided(?![a-z])|Decided(?![a-z])", "settled; deciders decide"),
        new(Order, @"(?i)high.?water", "settled position"),
        new(KeptStates, @"(?<![A-Za-z])views?(?![a-z])|Views?(?![a-z])", "snapshot: the kept state of an aggregate"),
        new(Everywhere, @"FoldedViews?\b|ViewMoved\b", "inline snapshot, snapshot"),
    ];

    /// <summary>Where the word stands in a file; nothing if it does not, or if it may.</summary>
    public string? FoundIn(string path, string text) =>
        Places.Any(place => path.StartsWith(place, StringComparison.Ordinal)) && _regex.Match(text) is { Success: true } found
            ? $"{path}, line {text.AsSpan(0, found.Index).Count('\n') + 1}: '{found.Value}' is retired here; say {Instead}"
            : null;
}
