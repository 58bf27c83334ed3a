using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>Runs all analyzers over sources, beside what the generator writes for them.</summary>
internal static class Analysis
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = Create<DiagnosticAnalyzer>(typeof(FluentEventStoreGenerator));

    /// <summary>What the analyzers report, in the order of the source. Asserts that the source compiles.</summary>
    public static async Task<Diagnostic[]> RunAsync(
        string source, OutputKind outputKind = OutputKind.DynamicallyLinkedLibrary, IEnumerable<MetadataReference>? references = null)
    {
        var parsed = Sources.Parse(source, references: references);
        Sources.Run(parsed.WithOptions(parsed.Options.WithOutputKind(outputKind)), out var output);
        output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(static diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error)
            .Select(Sources.Describe)
            .ShouldBeEmpty();
        return await RunAsync(output);
    }

    public static async Task<Diagnostic[]> RunAsync(Compilation compilation)
    {
        var found = await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.Where(static diagnostic => !diagnostic.IsSuppressed).OrderBy(
            static diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>The id, the place and the message of a diagnostic.</summary>
    public static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.Id} at {diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan)}: {diagnostic.GetMessage(
            CultureInfo.InvariantCulture)}";

    /// <summary>One of each public class of an assembly that can be used as <typeparamref name="T"/>.</summary>
    public static ImmutableArray<T> Create<T>(Type ofAssembly) =>
        [.. ofAssembly.Assembly.GetExportedTypes()
            .Where(static type => !type.IsAbstract && type.IsAssignableTo(typeof(T)))
            .Select(static type => (T)Activator.CreateInstance(type)!)];
}
