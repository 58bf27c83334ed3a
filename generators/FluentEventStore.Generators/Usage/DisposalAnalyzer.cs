using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>
/// Finds uses of a session that an earlier statement of the same block has disposed in any case. What only some paths dispose is left alone, and so is
/// what lambdas and local functions do at another time.
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
            // Whoever jumps here may come from where the session was open.
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

        disposed.ExceptWith(AssignedBy(operation).ToArray());
        if (Used(operation) is { } used && disposed.Remove(used.Session) && !IsAssignedAtAnotherTime(used.Session, operation))
            context.ReportDiagnostic(Diagnostic.Create(Rules.DisposedSession, used.At.Syntax.GetLocation(), used.Session.Name));

        foreach (var child in operation.ChildOperations)
        {
            Follow(context, child, disposed);
        }
    }

    private static (ISymbol Session, IOperation At)? Used(IOperation operation)
    {
        var (receiver, member) = operation switch
        {
            IInvocationOperation { Instance: { } instance } call => (instance, (ISymbol)call.TargetMethod),
            IMemberReferenceOperation { Instance: { } instance } reference => (instance, reference.Member),
            _ => (null, null),
        };
        return receiver is not null
            && member is { Name: not Dispose, ContainingType.SpecialType: not SpecialType.System_Object }
            && Variable(receiver) is { } session
            ? (session, receiver)
            : null;
    }

    private static IEnumerable<ISymbol> DisposedBy(IOperation statement, StoreTypes types) => statement switch
    {
        IExpressionStatementOperation { Operation: IAwaitOperation { Operation: var awaited } }
            when WithoutConfigureAwait(awaited) is IInvocationOperation { TargetMethod.Name: Dispose, Instance: { } instance } => Sessions(instance, types),
        IUsingOperation { Resources: not IVariableDeclarationGroupOperation } use => Sessions(WithoutConfigureAwait(use.Resources), types),
        ITryOperation { Finally: { } last } => DisposedBy(last, types),
        IBlockOperation block => block.Operations.SelectMany(inner => DisposedBy(inner, types)),
        _ => [],
    };

    private static IEnumerable<ISymbol> Sessions(IOperation operation, StoreTypes types) =>
        Variable(operation) is { } variable && TypeOf(variable) is { } type && types.IsSession(type) ? [variable] : [];

    private static bool IsAssigned(ISymbol session, IOperation statement) =>
        statement.DescendantsAndSelf().SelectMany(AssignedBy).Any(assigned => SymbolEqualityComparer.Default.Equals(assigned, session));

    /// <summary>Whether a lambda or a local function assigns it, which may have run by now.</summary>
    private static bool IsAssignedAtAnotherTime(ISymbol session, IOperation operation)
    {
        var root = operation;
        while (root.Parent is { } parent)
            root = parent;

        return root.Descendants().Any(function => function is IAnonymousFunctionOperation or ILocalFunctionOperation && IsAssigned(session, function));
    }

    private static IEnumerable<ISymbol> AssignedBy(IOperation operation) => operation switch
    {
        IAssignmentOperation { Target: ITupleOperation tuple } => tuple.Elements.Select(Variable).OfType<ISymbol>(),
        IAssignmentOperation assignment when Variable(assignment.Target) is { } variable => [variable],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when Variable(argument.Value) is { } variable => [variable],
        _ => [],
    };

    private static IOperation WithoutConfigureAwait(IOperation operation) => operation switch
    {
        IConversionOperation conversion => WithoutConfigureAwait(conversion.Operand),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } call => WithoutConfigureAwait(call.Instance ?? call.Arguments[0].Value),
        _ => operation,
    };

    private static ISymbol? Variable(IOperation operation) => operation switch
    {
        IConversionOperation conversion => Variable(conversion.Operand),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private static ITypeSymbol? TypeOf(ISymbol variable) => variable switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };
}
