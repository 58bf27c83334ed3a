namespace FluentEventStore.Tests.Architecture;

public sealed class SourceRuleTests
{
    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".sln", ".editorconfig", ".sql", ".yml", ".sh", "/run"];

    [Fact]
    public void A_file_has_fewer_than_300_lines() =>
        Code().Select(static path => SourceRules.TooLong(path, Repository.Read(path))).OfType<string>().ShouldBeEmpty();

    /// <summary>What the generator writes is as wide as the names in it.</summary>
    [Fact]
    public void A_line_has_no_more_than_140_columns() => Code()
        .Concat(Repository.Files("tests", ".cs"))
        .Where(static path => !path.StartsWith("tests/FluentEventStore.Generators.Tests/Snapshots/", StringComparison.Ordinal))
        .SelectMany(static path => SourceRules.TooWide(path, Repository.Read(path)))
        .ShouldBeEmpty();

    [Fact]
    public void A_folder_is_named_after_what_it_holds() =>
        Code().Select(SourceRules.InFolderThatSaysNothing).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void The_library_suppresses_no_warning() => Repository.Files("src", ".cs")
        .Select(static path => SourceRules.Suppressing(path, Repository.Read(path))).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void What_outlives_its_caller_runs_without_the_callers_execution_context() => Repository.Files("src/FluentEventStore/", ".cs")
        .Select(static path => SourceRules.TakingItsCallersFlowAlong(path, Repository.Read(path))).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void Tables_and_functions_of_the_database_are_named_by_constants() => Repository.Files("src/FluentEventStore/", ".cs")
        .Select(static path => SourceRules.NamingTables(path, Repository.Read(path))).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void Nothing_names_tickets_or_machines() => Texts()
        .SelectMany(
            static path => new[]
            {
                SourceRules.NamingTickets(path, Repository.Read(path)),
                SourceRules.NamingMachines(path, Repository.Read(path))
            })
        .OfType<string>()
        .ShouldBeEmpty();

    [Fact]
    public void Each_rule_finds_what_it_forbids()
    {
        SourceRules.TooLong("a.cs", new string('\n', 300)).ShouldBe("a.cs has 300 lines");
        SourceRules.TooLong("a.cs", new string('\n', 299)).ShouldBeNull();
        SourceRules.TooWide("a.cs", "\n" + new string('a', 141)).ShouldBe(["a.cs, line 2 has 141 columns"]);
        SourceRules.TooWide("a.cs", new string('a', 140) + "\r\n").ShouldBeEmpty();
        SourceRules.InFolderThatSaysNothing("src/A/Helpers/B.cs").ShouldBe("src/A/Helpers/B.cs stands in a folder named Helpers");
        SourceRules.InFolderThatSaysNothing("src/A/Core.cs").ShouldBeNull();
        SourceRules.Suppressing("a.cs", "\n" + "#pragma" + " warning disable CS0618").ShouldBe("a.cs, line 2: " + "#pragma" + " warning");
        SourceRules.TakingItsCallersFlowAlong("a.cs", "_ = Task.Run(work);").ShouldNotBeNull();
        SourceRules.TakingItsCallersFlowAlong("a.cs", "_running = queries.PublishAsync(1);").ShouldNotBeNull();
        SourceRules.TakingItsCallersFlowAlong("a.cs", "_running = OwnFlow.Run(() => queries.PublishAsync(1));").ShouldBeNull();
        SourceRules.TakingItsCallersFlowAlong("a.cs", "var answer = await queries.PublishAsync(1);").ShouldBeNull();
        SourceRules.NamingTables("a.cs", "from {schema}." + "streams s").ShouldNotBeNull();
        SourceRules.NamingTables("a.cs", "new FunctionSchema(schema, \"append\", ").ShouldNotBeNull();
        SourceRules.NamingTables("a.cs", "from {schema}.{EventTables.Streams} s").ShouldBeNull();
        SourceRules.NamingTickets("a.cs", "// fix for " + "#4542").ShouldNotBeNull();
        SourceRules.NamingTickets("a.md", "https://host/owner/name/issues" + "/12").ShouldNotBeNull();
        SourceRules.NamingTickets("a.md", "[the start](page.md#10-first)").ShouldBeNull();
        SourceRules.NamingMachines("a.cs", "see /" + "work/main").ShouldNotBeNull();
        SourceRules.NamingMachines("a.cs", "C:" + @"\Users\ada").ShouldNotBeNull();
        SourceRules.NamingMachines("a.cs", "a framework/root/file").ShouldBeNull();
    }

    private static IEnumerable<string> Code() =>
        [.. Repository.Files("src", ".cs"), .. Repository.Files("generators", ".cs"), .. Repository.Files("samples", ".cs")];

    private static IEnumerable<string> Texts() => Repository.Files("", TextEndings);
}
