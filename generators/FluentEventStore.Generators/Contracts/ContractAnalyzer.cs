using System.Collections.Immutable;
using System.Text;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Contracts;

/// <summary>
/// Reports what the generator found out about events and their contract. The generator compares, because it keeps what it has compared. The
/// analyzer reports, because it knows the symbols and code fixes are offered for what it says.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that holds the new entry for the contract.</summary>
    public const string EntryProperty = "Entry";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.InvalidContract, Rules.ContractPropertyLost, Rules.ContractPropertyRetyped, Rules.ContractPropertyDemanded,
        Rules.ContractNameReused, Rules.ContractVersionDropped, Rules.ContractAbsenceRedefined,
        Rules.ContractEventNew, Rules.ContractOutdated,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private void Start(CompilationStartAnalysisContext context)
    {
        var file = context.Compilation.SyntaxTrees.FirstOrDefault(static tree =>
            Path.GetFileName(tree.FilePath) == $"{ContractEmitter.DriftFile}.g.cs");
        if (file is null)
            return;

        var all = file.GetText(context.CancellationToken).Lines
            .Select(static line => line.ToString())
            .Where(static line => line.StartsWith("// [", StringComparison.Ordinal))
            .Select(static line => ContractFindingModel.Read(line.Substring(3)))
            .OfType<ContractFindingModel>()
            .ToLookup(
                finding => DefinitionOf(finding.Place, context.Compilation, context.CancellationToken), SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(symbol => ReportAtType(symbol, all), SymbolKind.NamedType);

        // For these, no code of the compilation can be pointed at.
        context.RegisterAdditionalFileAction(file => ReportInFile(file, all[null]));
    }

    /// <summary>The type of a finding, if the compilation declares it. A closed type is declared by its definition.</summary>
    private static INamedTypeSymbol? DefinitionOf(string place, Compilation compilation, CancellationToken cancellationToken)
    {
        var bare = place.IndexOf('<') is > 0 and var arguments ? place.Substring(0, arguments) : place;
        var name = bare.Substring(bare.LastIndexOf('.') + 1).TrimStart('@');
        return compilation.GetSymbolsWithName(name, SymbolFilter.Type, cancellationToken).OfType<INamedTypeSymbol>()
            .FirstOrDefault(type => WithoutArguments(type.Bare().Replace("global::", "")) == WithoutArguments(place));
    }

    private static string WithoutArguments(string typeName)
    {
        var name = new StringBuilder();
        var depth = 0;
        foreach (var character in typeName)
        {
            depth -= character == '>' ? 1 : 0;
            if (depth == 0 || (depth == 1 && character == ','))
                name.Append(character);

            depth += character == '<' ? 1 : 0;
        }

        return name.ToString();
    }

    private void ReportInFile(AdditionalFileAnalysisContext context, IEnumerable<ContractFindingModel> findings)
    {
        foreach (var finding in findings.Where(finding => finding.Path == context.AdditionalFile.Path))
        {
            var position = new LinePosition(finding.Line, finding.Column);
            var location = Location.Create(context.AdditionalFile.Path, default, new LinePositionSpan(position, position));
            Report(finding, location, context.ReportDiagnostic);
        }
    }

    private void ReportAtType(SymbolAnalysisContext context, ILookup<ISymbol?, ContractFindingModel> findings)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var finding in findings[type])
            Report(finding, LocationOf(type, finding.Member), context.ReportDiagnostic);
    }

    private void Report(ContractFindingModel finding, Location location, Action<Diagnostic> report)
    {
        if (SupportedDiagnostics.FirstOrDefault(rule => rule.Id == finding.Rule) is { } rule)
            report(
                Diagnostic.Create(
                    rule, location, ImmutableDictionary<string, string?>.Empty.Add(EntryProperty, finding.Entry), [.. finding.Arguments]));
    }

    private static Location LocationOf(INamedTypeSymbol type, string member)
    {
        for (var current = type; current is not null && member.Length > 0; current = current.BaseType)
        {
            if (current.GetMembers(member).FirstOrDefault() is { } found
                && found.Locations.FirstOrDefault(static location => location.IsInSource) is { } location)
                return location;
        }

        return type.Locations[0];
    }
}
