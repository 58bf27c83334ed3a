using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

/// <summary>Which folder of a project each type stands in, read from its sources: the namespace does not tell, for what users name is in one.</summary>
internal sealed partial class SourceTypes
{
    /// <summary>The layer of the files that stand in no folder.</summary>
    public const string RootLayer = "root";

    private readonly Dictionary<string, string> _layers = new(StringComparer.Ordinal);

    private SourceTypes(IEnumerable<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            var folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : RootLayer;
            var space = Namespace().Match(text).Groups[1].Value;
            foreach (Match type in Declaration().Matches(text))
            {
                var arity = type.Groups[2].Success ? $"`{type.Groups[2].Value.Count(static c => c == ',') + 1}" : "";
                _layers[$"{space}.{type.Groups[1].Value}{arity}"] = folder;
            }
        }
    }

    public IReadOnlyCollection<string> Layers => _layers.Values.Distinct().ToList();

    public static SourceTypes OfProject(string folder) =>
        new(Repository.Files(folder, ".cs").Select(path => (path[(folder.Length + 1)..], Repository.Read(path))));

    public static SourceTypes Of(params (string Path, string Text)[] files) => new(files);

    /// <summary>The layer of a type by its metadata name; <see langword="null"/> where no source declares it.</summary>
    public string? LayerOf(string fullName) => _layers.GetValueOrDefault(fullName);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|abstract|static|partial|readonly|ref) )*(?:record struct|record|class|struct|interface|enum) (\w+)(<[^>]+>)?", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
