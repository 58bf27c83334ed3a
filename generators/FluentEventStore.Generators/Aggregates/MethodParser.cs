using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>A method that takes an event, and the event that it takes.</summary>
internal sealed record EventMethod(string Kind, INamedTypeSymbol EventType, CallModel Call, IMethodSymbol Symbol);

/// <summary>Models the methods Create, Apply and ShouldDelete.</summary>
internal sealed class MethodParser(INamedTypeSymbol type, Compilation compilation, Findings findings)
{
    public const string Create = "Create";
    public const string Apply = "Apply";
    public const string ShouldDelete = "ShouldDelete";

    public List<EventMethod> Parse()
    {
        var methods = new List<EventMethod>();
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (method is { MethodKind: MethodKind.Ordinary, IsOverride: false, Name: Create or Apply or ShouldDelete } && ParseOne(method) is { } parsed)
                    AddTo(methods, parsed);
            }
        }

        return methods;
    }

    private void AddTo(List<EventMethod> methods, EventMethod added)
    {
        var taken = methods.FirstOrDefault(method =>
            method.Kind == added.Kind && SymbolEqualityComparer.Default.Equals(method.EventType, added.EventType));
        if (taken is null)
            methods.Add(added);
        else if (SymbolEqualityComparer.Default.Equals(taken.Symbol.ContainingType, added.Symbol.ContainingType))
            Report(added.Symbol, $"there is another {added.Kind} for '{added.EventType.ForMessage()}'");
    }

    private EventMethod? ParseOne(IMethodSymbol method)
    {
        if (!compilation.IsSymbolAccessibleWithin(method, type))
            return null;

        var events = new List<INamedTypeSymbol>();
        var arguments = new List<CallArgument>();
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is not (RefKind.None or RefKind.In))
                return Report(method, $"the parameter '{parameter.Name}' is passed by reference");

            if (compilation.HasImplicitConversion(type, parameter.Type) && parameter.Type.SpecialType != SpecialType.System_Object)
            {
                arguments.Add(new CallArgument(Argument.State));
            }
            else if (parameter.Type is INamedTypeSymbol named)
            {
                var isEnvelope = named.MetadataName() == KnownTypes.EventOfData;
                arguments.Add(new CallArgument(isEnvelope ? Argument.Event : Argument.Data));
                if (!isEnvelope)
                    events.Add(named);
                else if (named.TypeArguments[0] is INamedTypeSymbol data)
                    events.Add(data);
            }
        }

        if (Fault(method, events, arguments) is { } fault)
            return Report(method, fault);

        var call = new CallModel(TypeNames.Escape(method.Name), method.IsStatic, method.ReturnsVoid, arguments.ToEquatableArray());
        return new EventMethod(method.Name, events[0], call, method);
    }

    private string? Fault(IMethodSymbol method, List<INamedTypeSymbol> events, List<CallArgument> arguments)
    {
        var states = arguments.Count(static argument => argument.Kind == Argument.State);
        return method switch
        {
            { IsGenericMethod: true } => "it is generic",
            { IsAsync: true } => "it is asynchronous",
            _ when events.Count != 1 || arguments.Count != method.Parameters.Length => "it takes exactly one event, as itself or as IEvent<T>",
            _ when !events[0].Has(KnownTypes.EventAttribute) => $"'{events[0].ForMessage()}' is not marked with [Event]",
            { Name: Create, IsStatic: false } => "it must be static",
            { Name: Create } when states > 0 => "there is no state yet that it could take",
            { Name: ShouldDelete } when method.ReturnType.SpecialType != SpecialType.System_Boolean => "it must return bool",
            { Name: Create } when !Returns(method) => $"it must return '{type.Name}'",
            { Name: Apply } when !method.ReturnsVoid && !Returns(method) => $"it must return '{type.Name}', or nothing where it changes the state",
            { IsStatic: false } when states > 0 => "an instance method is called on the state and does not take it",
            { Name: Apply, IsStatic: true } when states != 1 => "being static it must take the state",
            _ when states > 1 => "it takes the state twice",
            _ => null,
        };
    }

    private bool Returns(IMethodSymbol method) => compilation.HasImplicitConversion(method.ReturnType, type);

    private EventMethod? Report(IMethodSymbol method, string fault)
    {
        findings.Add(Rules.InvalidMethod, method, method.ForMessage(), fault);
        return null;
    }
}
