using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>
/// Finds uses of a session that an earlier statement of the same block has disposed in any case. What only some paths dispose is left
/// alone, and so is what lambdas and local functions do at another time.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposalAnalyzer : StoreAnalyzer
{
    private const string Dispose = "DisposeAsync";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.DisposedSession];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Block);

    private static void Analyze(OperationAnalysisContext context, StoreTypes types)
    {
        var disposed = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var statement in ((IBlockOperation)context.Operation).Operations)
        {
            // A jump to here may come from where the session was open.
            if (statement is ILabeledOperation)
                disposed.Clear();

            if (disposed.Count > 0)
                Follow(context, statement, disposed);

            disposed.UnionWith(DisposedBy(statement, types).Where(session => !IsAssigned(session, statement)));
        }
    }

    /// <summary>Reports the first use of each disposed session in an operation, unless it is assigned another one before.</summary>
    private static void Follow(OperationAnalysisContext context, IOperation operation, HashSet<ISymbol> disposed)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return;

        disposed.ExceptWith(Variables.AssignedBy(operation).ToArray());
        if (Used(operation) is { } used && disposed.Remove(used.Session) && !IsAssignedAtAnotherTime(used.Session, operation))
            context.ReportDiagnostic(Diagnostic.Create(Rules.DisposedSession, used.At.Syntax.GetLocation(), used.Session.Name));

        foreach (var child in operation.ChildOperations)
        {
            Follow(context, child, disposed);
        }
    }

    private static (ISymbol Session, IOperation At)? Used(IOperation operation) =>
        Variables.CalledBy(operation) is { } called && called.Member.Name != Dispose && Variables.Of(called.Receiver) is { } session
            ? (session, called.Receiver)
            : null;

    private static IEnumerable<ISymbol> DisposedBy(IOperation statement, StoreTypes types) => statement switch
    {
        IExpressionStatementOperation { Operation: IAwaitOperation { Operation: var awaited } }
            when Variables.WithoutConfigureAwait(awaited) is IInvocationOperation { TargetMethod.Name: Dispose, Instance: { } instance } =>
            Sessions(instance, types),
        IUsingOperation { Resources: not IVariableDeclarationGroupOperation } use =>
            Sessions(Variables.WithoutConfigureAwait(use.Resources), types),
        ITryOperation { Finally: { } last } => DisposedBy(last, types),
        IBlockOperation block => block.Operations.SelectMany(inner => DisposedBy(inner, types)),
        _ => [],
    };

    private static IEnumerable<ISymbol> Sessions(IOperation operation, StoreTypes types) =>
        Variables.Of(operation) is { } variable && TypeOf(variable) is { } type && types.IsSession(type) ? [variable] : [];

    private static bool IsAssigned(ISymbol session, IOperation statement) =>
        statement.DescendantsAndSelf()
            .SelectMany(Variables.AssignedBy)
            .Any(assigned => SymbolEqualityComparer.Default.Equals(assigned, session));

    /// <summary>Whether a lambda or a local function assigns it, which may have run by now.</summary>
    private static bool IsAssignedAtAnotherTime(ISymbol session, IOperation operation) =>
        Variables.Root(operation)
            .Descendants()
            .Any(function => function is IAnonymousFunctionOperation or ILocalFunctionOperation && IsAssigned(session, function));

    private static ITypeSymbol? TypeOf(ISymbol variable) => variable switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };
}
