using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Tests.Contracts;

/// <summary>Compiles sources beside a contract file.</summary>
internal static class ContractCase
{
    public const string FilePath = "/shop/EventContracts.json";

    /// <summary>The contract of a source as the build would write it over a file.</summary>
    public static string Update(string source, string contract = "{}", params MetadataReference[] references)
    {
        var result = Run(Sources.Parse(source, references: references), out _, isUpdate: true, File(contract));
        var escaped = Generated(result, "EventContractsUpdate").ShouldNotBeNull("The build has nothing to copy.");
        return Uri.UnescapeDataString(escaped.Split("#if false\n")[1].Split("\n#endif")[0]) + "\n";
    }

    /// <summary>What is reported of a source with a contract.</summary>
    public static async Task<Diagnostic[]> AnalyzeAsync(string source, string contract, params MetadataReference[] references) =>
        await AnalyzeAsync(Sources.Parse(source, references: references), isUpdate: false, File(contract));

    public static async Task<Diagnostic[]> AnalyzeAsync(CSharpCompilation compilation, bool isUpdate, params AdditionalText[] files)
    {
        Run(compilation, out var output, isUpdate, files).Diagnostics.ShouldBeEmpty();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([.. files]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await output.WithAnalyzers([new ContractAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.Where(static diagnostic => !diagnostic.IsSuppressed)];
    }

    public static GeneratorRunResult Run(
        CSharpCompilation compilation, out Compilation output, bool isUpdate, params AdditionalText[] files)
    {
        var result = Driver(compilation, isUpdate, files)
            .RunGeneratorsAndUpdateCompilation(compilation, out output, out _)
            .GetRunResult().Results
            .Single();
        result.Exception.ShouldBeNull();
        return result;
    }

    public static GeneratorDriver Driver(CSharpCompilation compilation, bool isUpdate, params AdditionalText[] files) =>
        Sources.Driver(compilation).AddAdditionalTexts([.. files]).WithUpdatedAnalyzerConfigOptions(new Options(isUpdate));

    public static string? Generated(GeneratorRunResult result, string hint) =>
        result.GeneratedSources.Where(source => source.HintName == $"{hint}.g.cs")
            .Select(static source => source.SourceText.ToString())
            .SingleOrDefault();

    public static AdditionalText File(string? text, string path = FilePath) => new Text(path, text);

    /// <summary>What a diagnostic says, and where: the code that it points at, or the place in the file.</summary>
    public static string Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan();
        var place = diagnostic.Location.SourceTree is { } tree
            ? tree.GetText().ToString(diagnostic.Location.SourceSpan)
            : $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})";
        return $"{diagnostic.Id} at {place}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    private sealed class Text(string path, string? text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) => text is null ? null : SourceText.From(text);
    }

    private sealed class Options(bool isUpdate) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(isUpdate);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(bool isUpdate) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = isUpdate && key == "build_property.UpdateEventContracts" ? "true" : null;
            return value is not null;
        }
    }
}
