using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>
/// Finds calls of ForgetAsync whose result is dropped: an unknown subject is no error, and would be taken for a forgotten one.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ForgetAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ForgetReportDropped];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name == "ForgetAsync"
                    && StoreTypes.Is(call.TargetMethod.ContainingType, types.StorePrivacy)
                    && IsDropped(call))
                    operation.ReportDiagnostic(Diagnostic.Create(Rules.ForgetReportDropped, call.Syntax.GetLocation()));
            },
            OperationKind.Invocation);

    // "_ = await" is a decision not to look.
    private static bool IsDropped(IOperation call)
    {
        var value = call;
        while (value.Parent is IConversionOperation
            or IConditionalAccessOperation
            or IAwaitOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
            value = value.Parent;

        return value.Parent is IExpressionStatementOperation
            || (value is not IAwaitOperation && value.Parent is ISimpleAssignmentOperation { Target: IDiscardOperation });
    }
}
