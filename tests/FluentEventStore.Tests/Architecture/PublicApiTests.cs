using System.Reflection;
using PublicApiGenerator;

namespace FluentEventStore.Tests.Architecture;

/// <summary>
/// The public surface of each package, as a file: a change of it shows in review. UPDATE_SNAPSHOTS=1 writes the files anew.
/// </summary>
public sealed class PublicApiTests
{
    private const string Folder = "tests/FluentEventStore.Tests/Architecture/PublicApi";

    public static TheoryData<string> Packages => ["FluentEventStore", "FluentEventStore.AspNetCore", "FluentEventStore.LocalPostgres"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_surface_is_the_approved_one(string package)
    {
        var actual = Assembly.Load(package)
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n")
            .TrimEnd()
            + "\n";
        var path = $"{Folder}/{package}.txt";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, path), actual);

        var difference = Difference(Repository.Read(path).ReplaceLineEndings("\n"), actual);
        if (difference.Count > 0)
            Assert.Fail(
                $"The public surface of {package} is not the one in {path}. If it is meant, run the test with UPDATE_SNAPSHOTS=1.\n"
                    + string.Join('\n', difference));
    }

    [Fact]
    public void A_difference_shows_the_lines_that_were_removed_and_added() =>
        Difference("a\nb\nb\nc\n", "a\nb\nd\nc\n").ShouldBe(["- b", "+ d"]);

    private static List<string> Difference(string approved, string actual)
    {
        List<string> gone = [.. approved.Split('\n')];
        List<string> come = [];
        foreach (var line in actual.Split('\n'))
        {
            if (!gone.Remove(line))
                come.Add(line);
        }

        return [.. gone.Select(static line => $"- {line}"), .. come.Select(static line => $"+ {line}")];
    }
}
