using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>
/// Compiles sources with the generator as a strict project would: nullable, every warning an error, documentation checked.
/// </summary>
internal static class Sources
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.Linq;
        global using System.Text.Json.Serialization;
        global using FluentEventStore;
        global using FluentEventStore.Testing;
        """;

    private const string WithoutNullWarnings = "#nullable enable annotations\n#nullable disable warnings";

    /// <summary>.NET as it runs the tests and the library: the same set wherever and in whatever order the tests run.</summary>
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Where(
                static path => Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll"
                    || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Where(static path => !Path.GetFileNameWithoutExtension(path).EndsWith(".Native", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(static path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(EventAttribute).Assembly.Location),
    ];

    public static CSharpCompilation Parse(
        string source,
        string assemblyName = "Shop",
        LanguageVersion languageVersion = LanguageVersion.CSharp12,
        NullableContextOptions nullable = NullableContextOptions.Enable,
        IEnumerable<MetadataReference>? references = null)
    {
        var parseOptions = new CSharpParseOptions(languageVersion, DocumentationMode.Diagnose);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: nullable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            specificDiagnosticOptions: new Dictionary<string, ReportDiagnostic>
            {
                ["CS8019"] = ReportDiagnostic.Suppress,
                ["CS8933"] = ReportDiagnostic.Suppress
            });
        return CSharpCompilation.Create(
            assemblyName,
            [
                CSharpSyntaxTree.ParseText(SourceText.From(Usings), parseOptions, "Usings.cs"),
                CSharpSyntaxTree.ParseText(SourceText.From(source), parseOptions, "Source.cs"),
            ],
            [.. References, .. references ?? []],
            options);
    }

    /// <summary>Runs the generator and asserts that nothing complains about the result.</summary>
    public static GeneratorRunResult Generate(CSharpCompilation compilation, out Compilation output)
    {
        var result = Run(compilation, out output);
        result.Diagnostics.Select(Describe).ShouldBeEmpty();
        Strict(output).WithOptions(compilation.Options.WithReportSuppressedDiagnostics(true)).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Where(
                diagnostic => IsGenerated(diagnostic.Location)
                    ? !IsOfTheUser(diagnostic)
                    : !diagnostic.IsSuppressed && diagnostic.Id != "CS1591")
            .Select(Describe)
            .ShouldBeEmpty();
        return result;
    }

    /// <summary>Runs the generator.</summary>
    public static GeneratorRunResult Run(CSharpCompilation compilation, out Compilation output)
    {
        var result = Driver(compilation).RunGeneratorsAndUpdateCompilation(compilation, out output, out _).GetRunResult().Results.Single();
        result.Exception.ShouldBeNull();
        return result;
    }

    public static GeneratorDriver Driver(CSharpCompilation compilation) => CSharpGeneratorDriver.Create(
        [new FluentEventStoreGenerator().AsSourceGenerator()],
        parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static string Describe(Diagnostic diagnostic)
    {
        var line = diagnostic.Location.GetLineSpan().StartLinePosition.Line;
        var text = diagnostic.Location.SourceTree?.GetText().Lines[line].ToString().Trim();
        return $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)} at: {text}";
    }

    /// <summary>The compilation with warnings about null in generated code too.</summary>
    private static Compilation Strict(Compilation compilation)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(static tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)))
        {
            var text = tree.ToString();
            text.ShouldContain(WithoutNullWarnings);
            compilation = compilation.ReplaceSyntaxTree(
                tree,
                tree.WithChangedText(SourceText.From(text.Replace(WithoutNullWarnings, "#nullable enable", StringComparison.Ordinal))));
        }

        return compilation;
    }

    /// <summary>
    /// Whether what is suppressed in generated code follows from what the user wrote: what is obsolete or experimental, and friends that
    /// both hold the codec of one type.
    /// </summary>
    private static bool IsOfTheUser(Diagnostic diagnostic) =>
        diagnostic.IsSuppressed
            && (diagnostic.Id is "CS0612" or "CS0618" or "CS0436" || !diagnostic.Id.StartsWith("CS", StringComparison.Ordinal));

    private static bool IsGenerated(Location location) =>
        location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) ?? false;
}
