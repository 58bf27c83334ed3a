using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>Makes the models of closed types of generic events from what names them.</summary>
internal static class ClosedEventParser
{
    public static EquatableArray<Parsed<EventModel>> Parse(Mark match, CancellationToken cancellationToken)
    {
        var compilation = match.SemanticModel.Compilation;
        var found = new Dictionary<string, (INamedTypeSymbol Type, Location Location)>(StringComparer.Ordinal);
        foreach (var (type, location) in NamedBy(match))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Visit(type, closed =>
            {
                // At run time there is one type, whether or not its arguments may be null.
                var lenient = closed.Lenient(compilation);
                found[lenient.Bare()] = (lenient, location);
            });
        }

        return found.OrderBy(static item => item.Key, StringComparer.Ordinal)
            .Select(item => EventParser.Parse(item.Value.Type, compilation, item.Value.Location, cancellationToken))
            .ToEquatableArray();
    }

    private static IEnumerable<(ITypeSymbol Type, Location Location)> NamedBy(Mark match) => match.TargetSymbol switch
    {
        IMethodSymbol method => NamedBy(method),

        // Other methods of the type may be about anything.
        INamedTypeSymbol type =>
            type.GetMembers()
                .OfType<IMethodSymbol>()
                .Where(static method => method.MethodKind == MethodKind.Ordinary && MethodNames.AreCalled(method.Name))
                .SelectMany(NamedBy),
        _ => match.Attributes.Where(static attribute => attribute.ConstructorArguments is [{ Value: ITypeSymbol }])
            .Select(
                static attribute => (
                    (ITypeSymbol)attribute.ConstructorArguments[0].Value!,
                    attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation())),
    };

    private static IEnumerable<(ITypeSymbol Type, Location Location)> NamedBy(IMethodSymbol method) => method.Parameters
        .Select(static parameter => parameter.Type)
        .Append(method.ReturnType)
        .Select(type => (type, method.Locations[0]));

    /// <summary>Visits the closed types of events in a type: itself, and what it holds.</summary>
    private static void Visit(ITypeSymbol type, Action<INamedTypeSymbol> visit)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Visit(array.ElementType, visit);
                break;

            case INamedTypeSymbol { IsGenericType: true, IsUnboundGenericType: false } named:
                if (named.Has(KnownTypes.EventAttribute) && !TypeFaults.HasTypeParameters(named) && !TypeFaults.IsUnfinished(named))
                    visit(named);

                foreach (var argument in named.TypeArguments)
                {
                    Visit(argument, visit);
                }

                break;
        }
    }
}
