using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class ComparerAnalyzerTests
{
    public const string Id = "FES0055";

    [Theory]
    [InlineData(
        "[Document(\"cart\")] public sealed class Cart { public Guid Id { get; init; } public Dictionary<string, int> Lines { get; init; "
            + "} = new(StringComparer.OrdinalIgnoreCase); }")]
    [InlineData(
        "[Document(\"cart\")] public sealed class Cart { public Guid Id { get; init; } public HashSet<string> Lines { get; init; } = new "
            + "HashSet<string>(10, StringComparer.InvariantCulture); }")]
    [InlineData(
        "[Document(\"cart\")] public sealed class Cart { public Guid Id { get; init; } public ImmutableDictionary<string, int> Lines { "
            + "get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase); }")]
    [InlineData(
        "[Document(\"cart\")] public sealed class Cart { public Guid Id { get; init; } [JsonInclude] private SortedSet<string> Lines = "
            + "new(Comparer<string>.Default); public int Count => Lines.Count; }")]
    [InlineData(
        "[Document(\"cart\")] public sealed record Cart(Guid Id, Held[] All); public sealed class Held { public HashSet<string> Lines { "
            + "get; set; } = new(StringComparer.OrdinalIgnoreCase); }")]
    [InlineData(
        "[Document(\"cart\")] public sealed record Cart(Guid Id) : Base; public abstract record Base { public SortedSet<int> Lines { get; "
            + "init; } = new(Comparer<int>.Create((a, b) => b - a)); }")]
    [InlineData(
        "[Event(\"placed\")] public sealed record Placed(int A); [Aggregate(\"cart\")] public sealed partial class Cart { public Guid Id "
            + "{ get; set; } public HashSet<string> Lines { get; private set; } = new(StringComparer.OrdinalIgnoreCase); public void "
            + "Apply(Placed e) => Lines.Add(\"\"); }")]
    public async Task A_comparer_that_is_not_stored_is_reported(string source)
    {
        var found = (await Analysis.RunAsync(source)).ShouldHaveSingleItem();
        found.Id.ShouldBe(Id);
        Analysis.Describe(found).ShouldStartWith("FES0055 at Lines: '");
        Analysis.Describe(found).ShouldContain(
            "Lines' is created with a comparer, but the collection that is read back has the comparer of its type");
    }

    [Theory]
    [InlineData("public Dictionary<string, int> Lines { get; init; } = new(StringComparer.Ordinal);")]
    [InlineData("public HashSet<int> Lines { get; init; } = new(EqualityComparer<int>.Default);")]
    [InlineData("[JsonIgnore] public HashSet<string> Lines { get; init; } = new(StringComparer.OrdinalIgnoreCase);")]
    [InlineData("public List<string> Lines { get; init; } = new(10);")]
    [InlineData("public Own Lines { get; init; } = new();")]
    public async Task A_comparer_that_is_restored_is_not_reported(string member) => (await Analysis.RunAsync($$"""
        [Document("cart")] public sealed class Cart { public Guid Id { get; init; } {{member}} }
        public sealed class Own() : HashSet<string>(StringComparer.OrdinalIgnoreCase);
        public sealed class Other { public HashSet<string> Lines { get; init; } = new(StringComparer.OrdinalIgnoreCase); }
        """)).Select(Analysis.Describe).ShouldBeEmpty();
}
