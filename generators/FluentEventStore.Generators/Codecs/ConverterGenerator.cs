using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Codecs;

/// <summary>
/// Reports the converters that an assembly names and that cannot be used. Nothing is written for the others: what they convert names them.
/// </summary>
internal static class ConverterGenerator
{
    public static void Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var found = marks.Find(
            KnownTypes.UseConverterAttribute, static node => node is CompilationUnitSyntax, static (match, _) => Faults(match))
            .SelectMany(static (all, _) => all);
        context.RegisterSourceOutput(
            found.Combine(context.CompilationProvider), static (output, found) => output.ReportDiagnostic(found.Left.In(found.Right)));
    }

    private static List<Diagnostic> Faults(Mark match)
    {
        var compilation = match.SemanticModel.Compilation;
        var used = ConverterParser.OfAssembly(compilation);
        var faults = new List<Diagnostic>();
        foreach (var attribute in match.Attributes)
        {
            var converter = ConverterParser.Named(attribute);
            var fault = ConverterParser.FaultOfNamed(converter, compilation) ?? FaultOfSecond(converter!, used);
            if (fault is not null)
                faults.Add(
                    Diagnostic.Create(
                        Rules.UnsupportedAttribute,
                        attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation(),
                        "[UseConverter]",
                        compilation.AssemblyName,
                        fault));
        }

        return faults;
    }

    private static string? FaultOfSecond(INamedTypeSymbol converter, Dictionary<ITypeSymbol, INamedTypeSymbol> used)
    {
        var value = ConverterParser.ConvertedBy(converter)!;
        return SymbolEqualityComparer.Default.Equals(used[value], converter)
            ? null
            : $"'{used[value].ForMessage()}' converts '{value.ForMessage()}' already";
    }
}
