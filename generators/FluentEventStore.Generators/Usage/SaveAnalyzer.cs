using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>
/// Finds calls of SaveChangesAsync whose task is dropped, or is put in a variable and not awaited before the session is used again. The
/// first use of the variable is taken to await it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SaveAnalyzer : StoreAnalyzer
{
    private const string Unheard = "nobody learns whether anything was saved";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SaveNotAwaited];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types)
    {
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (IsSave(call, types) && (IsDropped(call) || IsForgotten(call)))
                    Report(operation, call, Unheard);
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Block);
    }

    private static bool IsSave(IInvocationOperation call, StoreTypes types) =>
        call.TargetMethod.Name == "SaveChangesAsync" && StoreTypes.Is(call.TargetMethod.ContainingType, types.DocumentSession);

    private static bool IsDropped(IOperation call) =>
        Around(call).Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };

    /// <summary>Whether the task is put in a variable that nobody looks at.</summary>
    private static bool IsForgotten(IOperation call) =>
        Around(call).Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var task } }
        && !Mentions(Variables.Root(call), task);

    private static IOperation Around(IOperation call)
    {
        var value = call;
        while (value.Parent is IConversionOperation
            or IConditionalAccessOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
            value = value.Parent;

        return value;
    }

    private static void Analyze(OperationAnalysisContext context, StoreTypes types)
    {
        var pending = new List<Save>();
        var aliases = new Lazy<Dictionary<ISymbol, ISymbol>>(() => AliasesIn(Variables.Root(context.Operation), types));
        foreach (var statement in ((IBlockOperation)context.Operation).Operations)
        {
            // A jump to here may come from where nothing is saved.
            if (statement is ILabeledOperation)
                pending.Clear();

            if (pending.Count > 0)
                Follow(context, statement, pending, aliases);

            pending.AddRange(SavesOf(statement, types).Where(save => !IsForgotten(save.Call)));
        }
    }

    /// <summary>Reports the saves whose session is used in an operation before anything is done with their task.</summary>
    private static void Follow(
        OperationAnalysisContext context, IOperation operation, List<Save> pending, Lazy<Dictionary<ISymbol, ISymbol>> aliases)
    {
        pending.RemoveAll(
            save => Same(Variables.OfAnyKind(operation), save.Task)
                || Variables.AssignedBy(operation).Any(assigned => Same(assigned, save.Session)));

        // It may run at any time, and await the task itself.
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
        {
            pending.RemoveAll(save => Mentions(operation, save.Task));
            return;
        }

        foreach (var child in operation.ChildOperations)
            Follow(context, child, pending, aliases);

        if (Used(operation) is not { } used)
            return;

        foreach (var save in pending.Where(save => Same(Meant(used, aliases.Value), Meant(save.Session, aliases.Value))).ToArray())
        {
            Report(context, save.Call, $"'{save.Session.Name}' is used again while it is being saved, which is refused");
            pending.Remove(save);
        }
    }

    /// <summary>The variables that stand for a session in another one, or for its events, as long as neither gets another value.</summary>
    private static Dictionary<ISymbol, ISymbol> AliasesIn(IOperation root, StoreTypes types)
    {
        var aliases = new Dictionary<ISymbol, ISymbol>(SymbolEqualityComparer.Default);
        foreach (var declarator in root.Descendants().OfType<IVariableDeclaratorOperation>())
        {
            var value = declarator.Initializer?.Value;

            // A variable of a type that is not public is for looking into the session, not for using it.
            if (declarator.Symbol.Type.TypeKind != TypeKind.Interface)
                continue;

            var session = value is IPropertyReferenceOperation { Property.Name: "Events", Instance: { } instance } ? instance : value;
            if (session?.Type is { } type && types.IsSession(type) && Variables.OfAnyKind(session) is { } variable)
                aliases[declarator.Symbol] = variable;
        }

        var assigned = new HashSet<ISymbol>(root.Descendants().SelectMany(Variables.AssignedBy), SymbolEqualityComparer.Default);
        foreach (var changed in aliases.Where(alias => assigned.Contains(alias.Key) || assigned.Contains(alias.Value))
            .Select(static alias => alias.Key)
            .ToArray())
            aliases.Remove(changed);

        return aliases;
    }

    private static ISymbol Meant(ISymbol variable, Dictionary<ISymbol, ISymbol> aliases)
    {
        while (aliases.TryGetValue(variable, out var other))
            variable = other;

        return variable;
    }

    private static ISymbol? Used(IOperation operation) =>
        operation is IArgumentOperation argument ? Variables.OfAnyKind(argument.Value)
        : Variables.CalledBy(operation) is { } called ? Variables.OfAnyKind(called.Receiver)
        : null;

    private static IEnumerable<Save> SavesOf(IOperation statement, StoreTypes types)
    {
        var assigned = statement switch
        {
            IVariableDeclarationGroupOperation group => group.Declarations.SelectMany(static declaration => declaration.Declarators)
                .Select(
                    static declarator => (
                        Task: (ISymbol?)declarator.Symbol,
                        (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value)),
            IExpressionStatementOperation { Operation: ISimpleAssignmentOperation assignment } =>
                [(Variables.OfAnyKind(assignment.Target), assignment.Value)],
            _ => [],
        };
        foreach (var (task, value) in assigned)
        {
            if (task is not null
                && value is not null
                && Variables.WithoutConfigureAwait(value) is IInvocationOperation { Instance: { } instance } call
                && IsSave(call, types)
                && Variables.OfAnyKind(instance) is { } session)
                yield return new Save(task, session, call);
        }
    }

    private static bool Mentions(IOperation operation, ISymbol variable) =>
        operation.DescendantsAndSelf().Any(inner => Same(Variables.OfAnyKind(inner), variable));

    private static bool Same(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    private static void Report(OperationAnalysisContext context, IOperation call, string consequence) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.SaveNotAwaited, call.Syntax.GetLocation(), consequence));

    /// <param name="Task">The variable that holds the task.</param>
    /// <param name="Session">The variable that holds the session.</param>
    /// <param name="Call">The call.</param>
    private sealed record Save(ISymbol Task, ISymbol Session, IOperation Call);
}
