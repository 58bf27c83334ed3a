using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds calls of SaveChangesAsync whose task is dropped.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SaveAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SaveNotAwaited];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name == "SaveChangesAsync" && StoreTypes.Is(call.TargetMethod.ContainingType, types.DocumentSession) && IsDropped(call))
                    operation.ReportDiagnostic(Diagnostic.Create(Rules.SaveNotAwaited, call.Syntax.GetLocation()));
            },
            OperationKind.Invocation);

    private static bool IsDropped(IOperation call)
    {
        var value = call;
        while (value.Parent is IConversionOperation or IConditionalAccessOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
            value = value.Parent;

        return value.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };
    }
}
