namespace FluentEventStore.Tests.Architecture;

public sealed class RetiredWordTests
{
    // These name the words in order to retire them.
    private const string Own = "tests/FluentEventStore.Tests/Architecture/RetiredWord";

    [Fact]
    public void One_idea_has_one_word() =>
        (from path in Repository.Files("", ".cs", ".md")
         where !path.StartsWith(Own, StringComparison.Ordinal)
         let text = Repository.Read(path)
         from word in RetiredWord.All
         select word.FoundIn(path, text)).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void A_place_where_a_word_is_retired_exists() =>
        RetiredWord.All.SelectMany(static word => word.Places)
            .Distinct()
            .Where(static place => !Path.Exists(Path.Combine(Repository.Root, place)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("src/FluentEventStore/Events/Ordering/A.cs", "long p_mark", "'mark'")]
    [InlineData("src/FluentEventStore/Events/Ordering/A.cs", "\nhow far the log is decided", "line 2: 'decided'")]
    [InlineData("src/FluentEventStore/Aggregates/A.cs", "class FetchedView", "'View'")]
    [InlineData("docs/how-to/aggregates.md", "the view of it", "'view'")]
    [InlineData("tests/A.cs", "what ViewMoved means", "'ViewMoved'")]
    public void A_retired_word_is_found_where_it_is_retired(string path, string text, string found) =>
        RetiredWord.All.Select(word => word.FoundIn(path, text)).OfType<string>().First().ShouldContain(found);

    [Theory]
    [InlineData("src/FluentEventStore/Commands/A.cs", "what was decided")]
    [InlineData("src/FluentEventStore/Serialization/PersonalData/A.cs", "byte[] mark")]
    [InlineData("src/FluentEventStore/Events/Ordering/A.cs", "a bookmark, an undecided one")]
    [InlineData("src/FluentEventStore/Aggregates/A.cs", "an overview, reviewed")]
    [InlineData("src/FluentEventStore/Events/Tables/A.cs", "create view")]
    public void A_word_is_left_alone_where_it_is_the_right_one(string path, string text) =>
        RetiredWord.All.Select(word => word.FoundIn(path, text)).OfType<string>().ShouldBeEmpty();
}
