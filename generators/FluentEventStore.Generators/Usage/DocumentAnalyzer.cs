using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds types that are stored, loaded or kept as snapshots and cannot be documents, or would not be stored whole.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DocumentAnalyzer : StoreAnalyzer
{
    private const string NoId = "it has no public property 'Id' of a type that documents can have";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.IncompleteSnapshot, Rules.NoDocument];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, StoreTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.TypeArguments is not [var type]
            || type.TypeKind is TypeKind.Error or TypeKind.TypeParameter or TypeKind.Dynamic)
            return;

        if (types.KeepsSnapshots(call.TargetMethod.ContainingType))
        {
            // What is added is a projection.
            if (call.TargetMethod.Name != "Add")
                AnalyzeSnapshot(context, type, types);
        }
        else if (types.HoldsDocuments(call.TargetMethod.ContainingType) || IsGeneratedLoading(call.TargetMethod, types))
            AnalyzeDocument(context, call, type, types);
    }

    // An extension method, generated with the type of the ids, loads documents by typed ids.
    private static bool IsGeneratedLoading(IMethodSymbol method, StoreTypes types) =>
        (method.ReducedFrom ?? method) is
        {
            IsExtensionMethod: true,
            Name: "LoadManyAsync" or "LoadManyJsonAsync",
            Parameters: [{ Type: INamedTypeSymbol session }, ..],
        }
            && types.HoldsDocuments(session);

    private static void AnalyzeSnapshot(OperationAnalysisContext context, ITypeSymbol type, StoreTypes types)
    {
        if (!types.IsAggregate(type))
            Report(context, Rules.NoDocument, type, "an aggregate", "it is not marked with [Aggregate]");
        else if (IdentityParser.Find((INamedTypeSymbol)type, context.Compilation) is null)
            Report(context, Rules.NoDocument, type, "a document", NoId);
        else if (types.UnsavedBy(type) is { Length: > 0 } unsaved)
            Report(context, Rules.IncompleteSnapshot, type, $"'{string.Join("', '", unsaved)}'");
    }

    private static void AnalyzeDocument(OperationAnalysisContext context, IInvocationOperation call, ITypeSymbol type, StoreTypes types)
    {
        // What is written is known by the type of the object itself, which may derive from the one that is named.
        var writes = call.TargetMethod.Name is "Store" or "Insert" or "Update";
        if (types.IsDocument(type) || (writes && !types.IsEvent(type) && !IsExact(type, call.Arguments)))
            return;

        var fault = type switch
        {
            _ when types.IsEvent(type) => "it is an event; append it with session.Events",
            _ when types.IsAggregate(type) =>
                writes
                    ? "it is an aggregate; append its events"
                    : IdentityParser.Find((INamedTypeSymbol)type, context.Compilation) is null ? NoId : null,
            _ when AppendAnalyzer.ItemOf(type) is { } item && types.IsDocument(item) =>
                $"it holds documents; name their type, as in {call.TargetMethod.Name}<{item.Name}>",
            _ => "it is not marked with [Document]",
        };
        if (fault is not null)
            Report(context, Rules.NoDocument, type, "a document", fault);
    }

    private static bool IsExact(ITypeSymbol type, ImmutableArray<IArgumentOperation> arguments) =>
        type.IsSealed || type.IsValueType || type.TypeKind == TypeKind.Array || AppendAnalyzer.ItemOf(type) is not null
        || arguments.Any(static argument => argument is { Parameter.Ordinal: 0, Value: IObjectCreationOperation });

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, ITypeSymbol type, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), [type.ForMessage(), .. arguments]));
}
