using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>Compares generated files with those kept beside the tests; <c>UPDATE_SNAPSHOTS=1</c> rewrites them.</summary>
internal static class Snapshot
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests/FluentEventStore.Generators.Tests/Snapshots");

    public static void Match(GeneratorRunResult result, string name)
    {
        var folder = Path.Combine(Folder, name);
        var generated = result.GeneratedSources.ToDictionary(
            static source => source.HintName.Replace(".g.cs", ".cs"), static source => source.SourceText.ToString());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            Rewrite(folder, generated);

        Directory.Exists(folder).ShouldBeTrue($"There is no snapshot '{name}' yet; set UPDATE_SNAPSHOTS=1 to write it, then read it.");
        generated.Keys.ShouldBe(Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)), ignoreOrder: true);
        foreach (var (hint, text) in generated)
        {
            text.ShouldBe(File.ReadAllText(Path.Combine(folder, hint)).ReplaceLineEndings("\n"), hint);
        }
    }

    private static void Rewrite(string folder, Dictionary<string, string> generated)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);

        Directory.CreateDirectory(folder);
        foreach (var (hint, text) in generated)
        {
            File.WriteAllText(Path.Combine(folder, hint), text);
        }
    }
}
