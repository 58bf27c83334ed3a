using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>Models how a state is folded from events: by Create, Apply and ShouldDelete, or by Evolve.</summary>
/// <param name="owner">The type that declares the methods.</param>
/// <param name="state">The state: the type itself, or what a projection keeps.</param>
/// <param name="compilation">The compilation.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="cancellationToken">Cancels.</param>
internal sealed class FoldParser(
    INamedTypeSymbol owner, INamedTypeSymbol state, Compilation compilation, Findings findings, CancellationToken cancellationToken)
{
    private static readonly Argument[] Events = [Argument.Data, Argument.Event, Argument.AnyEvent, Argument.Metadata, Argument.State];

    private readonly bool _isOfState = SymbolEqualityComparer.Default.Equals(owner, state);

    /// <summary>All methods that take events.</summary>
    public IReadOnlyList<DispatchMethod> Methods { get; private set; } = [];

    /// <param name="isFactory">Whether a method Create makes a state otherwise than from an event.</param>
    public FoldModel Parse(Func<IMethodSymbol, bool>? isFactory = null)
    {
        var methods = new MethodParser(owner, state, compilation, findings, cancellationToken);
        var creates = methods.Parse(new MethodRule(MethodNames.Create, Events, FaultOfCreate, IsOther: isFactory));
        var applies = methods.Parse(new MethodRule(MethodNames.Apply, Events, FaultOfApply));
        var deletes = methods.Parse(new MethodRule(MethodNames.ShouldDelete, Events, FaultOfShouldDelete));
        var evolves = methods.Parse(new MethodRule(MethodNames.Evolve, Events, FaultOfEvolve));
        Methods = [.. creates, .. applies, .. deletes, .. evolves];
        if (evolves.Count > 0 && Methods.Count > evolves.Count)
            findings.Add(
                Rules.InvalidMethod,
                evolves[0].Symbol,
                evolves[0].Symbol.ForMessage(),
                "there are methods Create, Apply or ShouldDelete too, and one event cannot be folded twice");

        return new FoldModel(
            state.Bare(),
            StateTypes.CanBegin(state),
            creates.Cases(),
            applies.Cases(),
            deletes.Cases(),
            evolves.Cases(),
            new MethodOrder(compilation).Cover(Methods));
    }

    private string? FaultOfCreate(MethodCandidate candidate) => candidate switch
    {
        { Method.IsStatic: false } when _isOfState => "it must be static",
        { States: > 0 } => "it cannot take the state, which does not exist yet",
        _ when !compilation.HasImplicitConversion(candidate.Method.ReturnType, state) => $"it must return '{state.Name}'",
        _ => null,
    };

    private string? FaultOfApply(MethodCandidate candidate) => candidate switch
    {
        { Method.ReturnsVoid: false } when !compilation.HasImplicitConversion(candidate.Method.ReturnType, state) =>
            $"it must return '{state.Name}', or nothing if it changes the state",
        { Method.IsStatic: true, States: not 1 } when _isOfState => "it is static, so it must take the state",
        { States: not 1 } when !_isOfState => "it must take the state once",
        _ => FaultOfStates(candidate),
    };

    private string? FaultOfShouldDelete(MethodCandidate candidate) =>
        candidate.Method.ReturnType.SpecialType != SpecialType.System_Boolean ? "it must return bool" : FaultOfStates(candidate);

    private string? FaultOfEvolve(MethodCandidate candidate) => candidate switch
    {
        { Method.IsStatic: false } when _isOfState => "it must be static",
        { States: not 1 } => "it must take the state once, which may be null",
        _ when !compilation.HasImplicitConversion(candidate.Method.ReturnType, state) =>
            $"it must return '{state.Name}', or null to delete it",
        _ => null,
    };

    private string? FaultOfStates(MethodCandidate candidate) => candidate switch
    {
        { Method.IsStatic: false, States: > 0 } when _isOfState =>
            "it is called on the state, so it must not take the state as a parameter",
        { States: > 1 } => "it takes the state twice",
        _ => null,
    };
}
