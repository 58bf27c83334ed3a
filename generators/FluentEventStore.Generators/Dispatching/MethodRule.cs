using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>Which methods of a type generated code calls, and what they may look like.</summary>
/// <param name="Name">Their name; those that return a task may add <c>Async</c> if <paramref name="MayBeAsync"/> says so.</param>
/// <param name="Takes">
/// What they may take, in any order. With <see cref="Argument.Command"/> they take a command, otherwise an event.
/// </param>
/// <param name="Fault">What is wrong with a method that takes what it may; <see langword="null"/> if nothing is.</param>
/// <param name="MayBeAsync">Whether they may return a task.</param>
/// <param name="Returned">What a method returns, if that is not plain to see.</param>
/// <param name="IsOther">Whether a method has the name by chance, and is none of those.</param>
/// <param name="Mark">The attribute that marks them, whatever their names; <see langword="null"/> if their name does.</param>
/// <param name="Broken">What is reported of a method that does not fit, instead of the rule for all methods.</param>
internal sealed record MethodRule(
    string Name,
    Argument[] Takes,
    Func<MethodCandidate, string?> Fault,
    bool MayBeAsync = false,
    Func<IMethodSymbol, Returned>? Returned = null,
    Func<IMethodSymbol, bool>? IsOther = null,
    string? Mark = null,
    DiagnosticDescriptor? Broken = null)
{
    public bool IsForCommands => Takes.Contains(Argument.Command);

    public bool IsFor(IMethodSymbol method) =>
        Mark is not null
            ? method.Has(Mark)
            : (MayBeAsync ? MethodNames.Is(method.Name, Name) : method.Name == Name) && IsOther?.Invoke(method) != true;
}

/// <summary>A method with the name of a rule, and what its parameters stand for.</summary>
internal sealed record MethodCandidate(IMethodSymbol Method, IReadOnlyList<Argument> Arguments)
{
    public int States => Arguments.Count(static argument => argument == Argument.State);
}

/// <summary>A method that generated code can call, and the type that it takes: <see langword="null"/> stands for every event.</summary>
internal sealed record DispatchMethod(IMethodSymbol Symbol, INamedTypeSymbol? Taken, CallModel Call);
