using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>Models the methods of a type that take an event or a command, and whatever else they may take, such as a state.</summary>
internal sealed class MethodParser(
    INamedTypeSymbol owner, ITypeSymbol? state, Compilation compilation, Findings findings, CancellationToken cancellationToken)
{
    /// <summary>The methods of a rule, those of base types too, the one for the most derived type first.</summary>
    public IReadOnlyList<DispatchMethod> Parse(MethodRule rule)
    {
        var methods = new List<DispatchMethod>();
        for (var current = owner; current is not null; current = current.BaseType)
        {
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (method is { MethodKind: MethodKind.Ordinary, IsOverride: false } && rule.IsFor(method)
                    && compilation.IsSymbolAccessibleWithin(method, owner) && ParseOne(method, rule) is { } parsed)
                {
                    AddTo(methods, parsed, rule);
                }
            }
        }

        var order = new MethodOrder(compilation);
        if (order.FindTie(
            methods,
            () => rule.IsForCommands
                ? DeclaredTypes.Commands(compilation, state, cancellationToken)
                : DeclaredTypes.Events(compilation, cancellationToken)) is { } tie)
            findings.Add(
                Rules.AmbiguousMethods,
                tie.Second.Symbol,
                tie.First.Symbol.ForMessage(),
                tie.Second.Symbol.ForMessage(),
                tie.Type.ForMessage());

        return order.MostDerivedFirst(methods);
    }

    // C# prefers methods of the derived type, even if one of the base type fits better. A protected one can only be called as it is.
    private string? DeclaredBy(IMethodSymbol method) =>
        !SymbolEqualityComparer.Default.Equals(method.ContainingType, owner)
        && (method.IsStatic
            || method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            ? method.ContainingType.Bare()
            : null;

    // An override may return a more derived type, or never null. It is called as the method that it overrides, so that no other one is
    // preferred.
    private IMethodSymbol FinalOverride(IMethodSymbol method)
    {
        for (var current = owner;
            current is not null && !SymbolEqualityComparer.Default.Equals(current, method.ContainingType);
            current = current.BaseType)
        {
            var methods = current.GetMembers(method.Name).OfType<IMethodSymbol>();
            if (methods.FirstOrDefault(candidate => Overrides(candidate, method)) is { } found)
                return found;
        }

        return method;
    }

    private static bool Overrides(IMethodSymbol method, IMethodSymbol other) =>
        method.OverriddenMethod is { } overridden
            && (SymbolEqualityComparer.Default.Equals(overridden, other) || Overrides(overridden, other));

    private static CastModel? CastOf(ITypeSymbol declared, ITypeSymbol returned) =>
        declared.Full() == returned.Full() ? null : new CastModel(returned.Full(), declared.IsOptional() && !returned.IsOptional());

    private void AddTo(List<DispatchMethod> methods, DispatchMethod added, MethodRule rule)
    {
        var taken = methods.FirstOrDefault(method => SymbolEqualityComparer.Default.Equals(method.Taken, added.Taken));
        if (taken is null)
            methods.Add(added);
        else if (SymbolEqualityComparer.Default.Equals(taken.Symbol.ContainingType, added.Symbol.ContainingType))
            Report(
                added.Symbol,
                rule,
                $"there is another {added.Symbol.Name} for {(added.Taken is { } type ? $"'{type.ForMessage()}'" : "every event")}");
    }

    private DispatchMethod? ParseOne(IMethodSymbol method, MethodRule rule)
    {
        if (method.Parameters.Any(static parameter => TypeFaults.IsUnfinished(parameter.Type)))
            return null;

        var taken = new List<INamedTypeSymbol>();
        var arguments = new List<Argument>();
        var subject = SubjectOf(method);
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is not (RefKind.None or RefKind.In))
                return Report(method, rule, $"the parameter '{parameter.Name}' is passed by reference");

            var argument = ArgumentFor(parameter.Type, rule, taken, isSubject: SymbolEqualityComparer.Default.Equals(parameter, subject));
            if (!rule.Takes.Contains(argument))
                return Report(method, rule, $"it cannot take '{parameter.Type.ForMessage()}'");

            arguments.Add(argument);
        }

        var final = FinalOverride(method);
        if (Fault(final, rule, taken, arguments) is { } fault)
            return Report(method, rule, fault);

        var call = new CallModel(
            TypeNames.Escape(method.Name),
            method.IsStatic,
            DeclaredBy(method),
            (rule.Returned ?? ReturnedBy).Invoke(final),
            CastOf(method.ReturnType, final.ReturnType),
            arguments.Select(
                (argument, index) => new CallArgument(argument, argument == Argument.Session ? method.Parameters[index].Type.Bare() : ""))
                .ToEquatableArray());
        return new DispatchMethod(method, taken.FirstOrDefault(), call);
    }

    /// <summary>
    /// The parameter of a base type or interface of the state that takes the event or command, since no other does; <see langword="null"/>
    /// if one does.
    /// </summary>
    private IParameterSymbol? SubjectOf(IMethodSymbol method)
    {
        var others = method.Parameters.Where(parameter => !IsState(parameter.Type)).ToArray();
        var candidates = method.Parameters.Where(
            parameter => IsState(parameter.Type) && !SymbolEqualityComparer.Default.Equals(parameter.Type, state)).ToArray();
        return candidates is [var subject] && others.All(static parameter => IsBesideSubject(parameter.Type)) ? subject : null;
    }

    private bool IsState(ITypeSymbol type) =>
        state is not null && type.SpecialType != SpecialType.System_Object && compilation.Is(state, type);

    private static bool IsBesideSubject(ITypeSymbol type) => type.MetadataName() is KnownTypes.EventMetadata
        or KnownTypes.DocumentSession or KnownTypes.QuerySession or KnownTypes.DocumentOperations or "System.Threading.CancellationToken";

    private Argument ArgumentFor(ITypeSymbol type, MethodRule rule, List<INamedTypeSymbol> taken, bool isSubject)
    {
        if (!isSubject && IsState(type))
            return Argument.State;

        switch (type.MetadataName())
        {
            case KnownTypes.EventOfData when ((INamedTypeSymbol)type).TypeArguments[0] is INamedTypeSymbol data:
                taken.Add(data);
                return Argument.Event;

            case KnownTypes.Event:
                return Argument.AnyEvent;

            case KnownTypes.EventMetadata:
                return Argument.Metadata;

            case KnownTypes.DocumentSession or KnownTypes.QuerySession or KnownTypes.DocumentOperations:
                return Argument.Session;

            case "System.Threading.CancellationToken":
                return Argument.CancellationToken;

            default:
                if (type is INamedTypeSymbol named)
                    taken.Add(named);

                return rule.IsForCommands ? Argument.Command : Argument.Data;
        }
    }

    private string? Fault(IMethodSymbol method, MethodRule rule, List<INamedTypeSymbol> taken, List<Argument> arguments)
    {
        var subjects = arguments.Count(static argument => argument is Argument.Data or Argument.Event or Argument.Command);
        var isCatchAll = subjects == 0 && arguments.Contains(Argument.AnyEvent);
        return method switch
        {
            { IsGenericMethod: true } => "it is generic",
            _ when method.IsForbidden() => "it is obsolete as an error, so generated code cannot call it; make it a warning",
            _ when taken.Count > 0 && Nameable.FaultOf(taken[0], compilation) is { } fault => $"'{taken[0].ForMessage()}' {fault}",
            { ReturnsByRef: true } or { ReturnsByRefReadonly: true } => "it returns by reference",
            { IsAsync: true } when !rule.MayBeAsync => "it is asynchronous, but a state is folded from its events alone",
            _ when rule.IsForCommands && (subjects != 1 || taken.Count != 1) => "it must take exactly one command",
            _ when rule.IsForCommands && taken[0].OriginalDefinition.SpecialType == SpecialType.System_Nullable_T =>
                "a command is never null, so it must not take a nullable one",
            _ when !isCatchAll && (subjects != 1 || taken.Count != 1) => "it must take exactly one event, as itself or as IEvent<T>",
            _ when !rule.IsForCommands && !isCatchAll && FaultOfEvent(taken[0]) is { } faultOfEvent => faultOfEvent,
            _ => rule.Fault(new MethodCandidate(method, arguments)),
        };
    }

    private static string? FaultOfEvent(INamedTypeSymbol type) => type switch
    {
        _ when type.Has(KnownTypes.EventAttribute) => null,
        { SpecialType: SpecialType.System_Object } => "to take every event, it must take IEvent",
        { TypeKind: TypeKind.Interface } or { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false } when !type.IsOfSystem() => null,
        _ => $"'{type.ForMessage()}' is not marked with [Event] and is not a base type of events",
    };

    private static Returned ReturnedBy(IMethodSymbol method) => method.ReturnType.MetadataName() switch
    {
        "System.Threading.Tasks.Task" => Returned.Task,
        "System.Threading.Tasks.ValueTask" => Returned.ValueTask,
        _ => method.ReturnsVoid ? Returned.Nothing : Returned.Value,
    };

    // What another assembly declares in a base type was not meant for events, and cannot be renamed here.
    private DispatchMethod? Report(IMethodSymbol method, MethodRule rule, string fault)
    {
        if (!SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly))
            return null;

        findings.Add(rule.Broken ?? Rules.InvalidMethod, method, method.ForMessage(), fault);
        return null;
    }
}
