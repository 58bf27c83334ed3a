using FluentEventStore.Generators.Aggregates;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Usage;

/// <summary>The methods of a type that look as if they were called for events, whether or not they are.</summary>
internal sealed class EventMethods(INamedTypeSymbol type, StoreTypes types)
{
    private readonly string[] _names = NamesFor(type, types);

    /// <summary>Those that are called by name: of the type, and of base types that are not called themselves.</summary>
    public IEnumerable<IMethodSymbol> ByName()
    {
        foreach (var method in Declared())
        {
            if (method is { MethodKind: MethodKind.Ordinary, IsOverride: false }
                && _names.Contains(method.Name)
                && !AggregateParser.IsFactory(method)
                && (IsOwn(method)
                    || method.DeclaredAccessibility != Accessibility.Private
                    || NamesFor(method.ContainingType, types).Length == 0))
                yield return method;
        }
    }

    /// <summary>Those that nothing calls by name: what implements an interface explicitly, and bodies that interfaces give.</summary>
    public IEnumerable<(IMethodSymbol Method, string Fault)> BehindInterfaces()
    {
        foreach (var method in Declared())
        {
            if (method.ExplicitInterfaceImplementations is [var implemented, ..] && _names.Contains(implemented.Name))
                yield return (
                    method, "it implements an interface explicitly, but generated code calls methods of the type; declare it as one");
        }

        foreach (var method in type.AllInterfaces.SelectMany(static implemented => implemented.GetMembers().OfType<IMethodSymbol>()))
        {
            if (method is { MethodKind: MethodKind.Ordinary, IsStatic: false, IsAbstract: false } && _names.Contains(method.Name)
                && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(method), method))
                yield return (
                    method,
                    $"its body is in an interface, but generated code calls methods of the type; declare it in '{type.ForMessage()}'");
        }
    }

    /// <summary>The event that a method takes.</summary>
    public INamedTypeSymbol? EventOf(IMethodSymbol method) => TakenBy(method).FirstOrDefault(types.IsEvent);

    /// <summary>What a method takes as the base type of events, being no event itself.</summary>
    public INamedTypeSymbol? BaseOfEventsOf(IMethodSymbol method, Compilation compilation)
    {
        var candidates = TakenBy(method).Where(
            taken => !IsState(taken, method, compilation) && !taken.IsOfSystem() && taken.ContainingAssembly?.Name != KnownTypes.Library)
            .ToArray();
        return !method.IsGenericMethod
            && candidates is [{ TypeKind: TypeKind.Interface } or { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false }]
            && !types.IsEvent(candidates[0])
            ? candidates[0]
            : null;
    }

    /// <summary>Whether a method decides on deletion for some of the events that derive from another one.</summary>
    public bool DeletesSome(IMethodSymbol method, INamedTypeSymbol eventType, Compilation compilation) =>
        method.Name == MethodNames.ShouldDelete
        && TakenBy(method).Any(taken => !SymbolEqualityComparer.Default.Equals(taken, eventType) && compilation.Is(taken, eventType));

    private IEnumerable<INamedTypeSymbol> TakenBy(IMethodSymbol method) => method.Parameters
        .Select(
            parameter => parameter.Type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol data] } envelope
                && types.IsEnvelope(envelope)
                ? data
                : parameter.Type)
        .OfType<INamedTypeSymbol>();

    // A decider evolves what it returns; an aggregate is its own state.
    private bool IsState(INamedTypeSymbol taken, IMethodSymbol method, Compilation compilation) =>
        compilation.Is(type, taken)
            || (method.Name == MethodNames.Evolve
                && (compilation.Is(taken, method.ReturnType) || compilation.Is(method.ReturnType, taken)));

    private bool IsOwn(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingType, type);

    private IEnumerable<IMethodSymbol> Declared()
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
                yield return method;
        }
    }

    private static string[] NamesFor(INamedTypeSymbol type, StoreTypes types)
    {
        var names = new List<string>();
        if (types.IsAggregate(type))
            names.AddRange([MethodNames.Create, MethodNames.Apply, MethodNames.ShouldDelete]);

        if (types.IsDecider(type))
            names.Add(MethodNames.Evolve);

        if (types.IsHandler(type))
            names.AddRange([MethodNames.Handle, MethodNames.Handle + "Async"]);

        return [.. names];
    }
}
