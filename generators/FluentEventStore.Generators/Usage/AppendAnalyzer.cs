using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds arguments that are taken as events although neither they nor any derived type of theirs can be one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AppendAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NoEvent];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types)
    {
        context.RegisterOperationAction(
            operation => Analyze(
                operation,
                types,
                ((IInvocationOperation)operation.Operation).TargetMethod,
                ((IInvocationOperation)operation.Operation).Arguments),
            OperationKind.Invocation);
        context.RegisterOperationAction(
            operation => Analyze(
                operation,
                types,
                ((IObjectCreationOperation)operation.Operation).Constructor,
                ((IObjectCreationOperation)operation.Operation).Arguments),
            OperationKind.ObjectCreation);
    }

    private static void Analyze(
        OperationAnalysisContext context, StoreTypes types, IMethodSymbol? method, ImmutableArray<IArgumentOperation> arguments)
    {
        if (method is null || !types.TakesEvents(method.ContainingType))
            return;

        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Type is { SpecialType: SpecialType.System_Object })
                AnalyzeItem(context, types, argument.Value);
            else if (ItemOf(argument.Parameter?.Type) is { SpecialType: SpecialType.System_Object })
                AnalyzeItems(context, types, argument.Value);
        }
    }

    private static void AnalyzeItems(OperationAnalysisContext context, StoreTypes types, IOperation value)
    {
        var items = Unconverted(value);
        var listed = items switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            _ => [],
        };
        foreach (var item in listed)
        {
            if (item is ISpreadOperation spread)
                AnalyzeItems(context, types, spread.Operand);
            else
                AnalyzeItem(context, types, item);
        }

        if (listed.IsEmpty && ItemOf(items.Type) is { } itemType)
            Report(context, items, itemType, FaultOf(itemType, isExact: false, types));
    }

    private static void AnalyzeItem(OperationAnalysisContext context, StoreTypes types, IOperation value)
    {
        var item = Unconverted(value);
        if (item.Type is { } type)
            Report(context, item, type, FaultOf(type, item is IObjectCreationOperation, types));
    }

    private static void Report(OperationAnalysisContext context, IOperation at, ITypeSymbol type, string? fault)
    {
        if (fault is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoEvent, at.Syntax.GetLocation(), type.ForMessage(), fault));
    }

    private static string? FaultOf(ITypeSymbol type, bool isExact, StoreTypes types)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];

        return type switch
        {
            { TypeKind: TypeKind.Error or TypeKind.Dynamic or TypeKind.TypeParameter } => null,
            _ when types.IsEvent(type) => null,
            { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 } =>
                "give an expected version as ExpectedVersion.Exactly",
            _ when types.IsEnvelope(type) => "append its Data",
            _ when type.MetadataName() is "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1" => "await it",
            _ when ItemOf(type) is { } item && types.IsEvent(item) => "to append the events that it holds, pass it alone or spread it",
            _ when !isExact && !type.IsSealed && !type.IsValueType && type.TypeKind is not TypeKind.Array => null,
            { Locations: [{ IsInSource: true }, ..], IsAnonymousType: false } => "mark it with [Event]",
            _ => "an event is a type marked with [Event]",
        };
    }

    /// <summary>What a sequence holds; <see langword="null"/> if the type is none, or of several types.</summary>
    internal static ITypeSymbol? ItemOf(ITypeSymbol? type)
    {
        if (type is IArrayTypeSymbol array)
            return array.ElementType;

        if (type is not INamedTypeSymbol named || type.SpecialType == SpecialType.System_String)
            return null;

        INamedTypeSymbol[] sequences = [.. named.AllInterfaces.Append(named).Where(
            static candidate => candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)];
        return sequences is [var sequence] ? sequence.TypeArguments[0] : null;
    }

    /// <summary>The value before the compiler made an object of it. An explicit cast to object is believed.</summary>
    private static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion)
            value = conversion.Operand;

        return value;
    }
}
