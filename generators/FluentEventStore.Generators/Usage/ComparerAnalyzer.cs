using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds collections that begin with a comparer, which is not stored: what is read back compares in another way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ComparerAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ComparerNotStored];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types)
    {
        // Worked out only for a comparer in a type that is not marked itself.
        var held = new Lazy<HashSet<ISymbol>>(() => HeldTypes.Of(context.Compilation, types));
        context.RegisterOperationAction(
            operation => Analyze(operation, types, held), OperationKind.PropertyInitializer, OperationKind.FieldInitializer);
    }

    private static void Analyze(OperationAnalysisContext context, StoreTypes types, Lazy<HashSet<ISymbol>> held)
    {
        var initializer = (ISymbolInitializerOperation)context.Operation;
        if (!initializer.Descendants().OfType<IArgumentOperation>().Any(static argument => IsLost(argument.Value)))
            return;

        IEnumerable<ISymbol> members = initializer is IPropertyInitializerOperation property
            ? property.InitializedProperties
            : ((IFieldInitializerOperation)initializer).InitializedFields;
        foreach (var member in members)
        {
            var isStored = !member.IsStatic && !PropertyFinder.IsIgnored(member) && !member.Has(Attributes.JsonConverter)
                && (member.Has(Attributes.JsonInclude) || member is IPropertySymbol { DeclaredAccessibility: Accessibility.Public });
            if (isStored && (types.IsStored(member.ContainingType) || held.Value.Contains(member.ContainingType.OriginalDefinition)))
                context.ReportDiagnostic(Diagnostic.Create(Rules.ComparerNotStored, member.Locations[0], member.ForMessage()));
        }
    }

    // A comparer that compares as the collection that is read back is no loss.
    private static bool IsLost(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;

        return value.Type is { } type
            && type.AllInterfaces.Append(type).Any(
                static candidate => candidate.MetadataName() is "System.Collections.Generic.IEqualityComparer`1"
                    or "System.Collections.Generic.IComparer`1")
            && !(value is IMemberReferenceOperation { Member: { ContainingType: var declaring, Name: var name } }
                && (declaring.MetadataName(), name) is ("System.StringComparer", "Ordinal")
                    or ("System.Collections.Generic.EqualityComparer`1", "Default")
                    or ("System.Collections.Generic.Comparer`1", "Default")
                && !(declaring.Name == "Comparer" && declaring.TypeArguments[0].SpecialType == SpecialType.System_String));
    }
}
