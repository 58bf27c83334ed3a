using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

public sealed class FolderTests
{
    private const int MaxFiles = 25;

    /// <summary>The folders of one file, and why.</summary>
    private static readonly Dictionary<string, string> Small = new(StringComparer.Ordinal)
    {
        ["src/FluentEventStore.LocalPostgres"] = "its verbs, above its rooms",
        ["generators/FluentEventStore.Generators"] = "the generator, above its slices",
    };

    /// <summary>The folders of tests that mirror no folder of the library, and what they hold.</summary>
    private static readonly Dictionary<string, string> OfTests = new(StringComparer.Ordinal)
    {
        ["FluentEventStore.Tests/Architecture"] = "the rules of the house",
        ["FluentEventStore.Tests/Serialization/Fuzzing"] = "random JSON",
        ["FluentEventStore.PostgresTests/Bank"] = "the events, documents and aggregates of the tests",
        ["FluentEventStore.PostgresTests/Bank/Money"] = "those of accounts",
        ["FluentEventStore.PostgresTests/LocalPostgres"] = "tests of src/FluentEventStore.LocalPostgres",
        ["FluentEventStore.PostgresTests/Models"] = "the store against a model of it",
        ["FluentEventStore.PostgresTests/Reliability"] = "servers that stop",
        ["FluentEventStore.PostgresTests/Samples/GitHistory"] = "tests of the sample",
        ["FluentEventStore.AspNetCore.Tests/Bank"] = "the events and documents of the tests",
        ["FluentEventStore.AspNetCore.Tests/Samples/Bank"] = "tests of the sample",
        ["FluentEventStore.Proofs/Events/Ordering/Racing"] = "what races",
        ["FluentEventStore.Proofs/Events/Reading/Differential"] = "random logs",
        ["FluentEventStore.Proofs/LocalPostgres"] = "tests of src/FluentEventStore.LocalPostgres",
        ["FluentEventStore.Proofs/Reliability"] = "servers that stop",
        ["FluentEventStore.Generators.Tests/Compiling"] = "compiles and runs cases",
    };

    [Fact]
    public void A_folder_has_no_more_than_25_files() => Folders("src", "generators", "tests")
        .Where(static folder => folder.Count() > MaxFiles)
        .Select(static folder => $"{folder.Key} has {folder.Count()} files")
        .ShouldBeEmpty();

    [Fact]
    public void A_folder_has_more_than_one_file()
    {
        var small = Folders("src", "generators").Where(static folder => folder.Count() == 1).Select(static folder => folder.Key);
        small.Except(Small.Keys).ShouldBeEmpty();
        Small.Keys.Except(small).ShouldBeEmpty("They grew.");
    }

    [Theory]
    [InlineData("FluentEventStore.Tests", "src/FluentEventStore")]
    [InlineData("FluentEventStore.PostgresTests", "src/FluentEventStore")]
    [InlineData("FluentEventStore.Proofs", "src/FluentEventStore")]
    [InlineData("FluentEventStore.AspNetCore.Tests", "src/FluentEventStore.AspNetCore")]
    [InlineData("FluentEventStore.Generators.Tests", "generators/FluentEventStore.Generators")]
    public void A_folder_of_tests_has_the_name_of_what_it_tests(string tests, string tested)
    {
        var strange =
            from folder in Folders($"tests/{tests}")
            let path = folder.Key[$"tests/{tests}".Length..]
            where !Directory.Exists(Path.Combine(Repository.Root, tested + path))
                && !OfTests.ContainsKey(tests + path)
                && !path.StartsWith("/Snapshots/", StringComparison.Ordinal)
            select folder.Key;

        strange.ShouldBeEmpty();
        OfTests.Keys.Where(static folder => !Directory.Exists(Path.Combine(Repository.Root, "tests", folder))).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_named_after_a_type_in_it() =>
        Repository.Files("src", ".cs").Concat(Repository.Files("generators", ".cs")).Concat(Repository.Files("tests", ".cs"))
        .Where(static file => !IsWrittenForReaders(file))
        .Where(static file => DeclaresAnother(Path.GetFileNameWithoutExtension(file).Split('.')[0], Repository.Read(file)))
        .ShouldBeEmpty();

    [Fact]
    public void A_file_with_another_name_is_found()
    {
        DeclaresAnother("Foo", "namespace A;\n\ninternal sealed record Bar(int X);").ShouldBeTrue();
        DeclaresAnother("Foo", "namespace A;\n\ninternal delegate void Foo(int x);").ShouldBeFalse();
        DeclaresAnother("Foo", "using Xunit;\n\n[assembly: Something]").ShouldBeFalse();
    }

    // Applications and snippets as they stand in the documentation, and what is generated.
    private static bool IsWrittenForReaders(string file) =>
        file.Contains("/Consumers/", StringComparison.Ordinal)
            || file.StartsWith("tests/FluentEventStore.Generators.Tests/Snapshots/", StringComparison.Ordinal)
            || file.Contains(".ApiSnippets/", StringComparison.Ordinal);

    private static bool DeclaresAnother(string name, string text)
    {
        var types = Regex.Matches(text, @"\b(?:class|record struct|struct|record|interface|enum) (\w+)\s*[<({:;\n]|\bdelegate .*\b(\w+)\(")
            .Select(static type => type.Groups[1].Value + type.Groups[2].Value).ToList();
        return types.Count > 0 && !types.Contains(name);
    }

    private static IEnumerable<IGrouping<string, string>> Folders(params string[] tops) =>
        tops.SelectMany(static top => Repository.Files(top, ".cs")).GroupBy(static file => file[..file.LastIndexOf('/')]);
}
