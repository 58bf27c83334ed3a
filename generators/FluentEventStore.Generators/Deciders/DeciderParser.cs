using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Deciders;

/// <summary>Makes the model of a type marked as a decider.</summary>
internal static class DeciderParser
{
    private const string Initial = "Initial";
    private const string Property = "Decider";

    public static Parsed<DeciderModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, findings);
        var initial = FindInitial(type, compilation);
        var state = initial ?? FindAggregate(type);
        if (FaultOf(type, state) is { } fault)
            findings.Add(Rules.InvalidDispatch, type, type.ForMessage(), "a decider", fault);

        if (findings.Any)
            return new Parsed<DeciderModel>(null, findings.All, location);

        var methods = new MethodParser(type, state, compilation, findings, cancellationToken);
        var decisions = methods.Parse(new MethodRule(
            MethodNames.Decide,
            [Argument.Command, Argument.State, Argument.CancellationToken],
            candidate => FaultOfState(candidate, state!) ?? FaultOfDecide(candidate.Method, compilation),
            MayBeAsync: true,
            method => DecidesMany(method, compilation) ? Returned.Values : Returned.Value));
        var evolutions = methods.Parse(new MethodRule(
            MethodNames.Evolve,
            [Argument.Data, Argument.Event, Argument.AnyEvent, Argument.Metadata, Argument.State],
            candidate => FaultOfState(candidate, state!) ?? FaultOfEvolve(candidate.Method, state!, compilation)));
        if (!findings.Any && FaultOf(decisions, evolutions, isFolded: initial is null) is { } missing)
            findings.Add(Rules.InvalidDispatch, type, type.ForMessage(), "a decider", missing);

        var model = findings.Any ? null : new DeciderModel(
            type.Bare(),
            type.Mangle() + "Decider",
            part!,
            type.IsStatic ? AccessibilityFor(state!, compilation) : null,
            state!.Full(),
            decisions.Cases(),
            evolutions.Cases(),
            initial is null ? state!.Bare() : null);
        return new Parsed<DeciderModel>(model, findings.All, location);
    }

    /// <summary>The type of the state that Initial holds.</summary>
    private static ITypeSymbol? FindInitial(INamedTypeSymbol type, Compilation compilation)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers(Initial))
            {
                if (!compilation.IsSymbolAccessibleWithin(member, type) || member.IsForbidden())
                    continue;

                if (member is IPropertySymbol { GetMethod: not null } property)
                    return property.Type;

                if (member is IFieldSymbol field)
                    return field.Type;
            }
        }

        return null;
    }

    /// <summary>The aggregate that the type decides over, if it names no state to begin with itself.</summary>
    private static ITypeSymbol? FindAggregate(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .Where(static method => MethodNames.Is(method.Name, MethodNames.Decide))
        .SelectMany(static method => method.Parameters)
        .Select(static parameter => parameter.Type)
        .FirstOrDefault(static parameter => parameter.Has(KnownTypes.AggregateAttribute))
        ?.WithNullableAnnotation(NullableAnnotation.Annotated);

    private static string? FaultOf(INamedTypeSymbol type, ITypeSymbol? state) => state switch
    {
        null => $"it has no property {Initial} for the state of a stream without events, and does not decide over an aggregate",
        _ when type.IsStatic && (type.Name == Property || !type.GetMembers(Property).IsEmpty) =>
            $"generated code gives it a property {Property}, but it has that name already",
        { SpecialType: SpecialType.System_Object } => "its state is of type 'object', so it cannot be told from a command",
        _ => TypeFaults.OfPart(type),
    };

    private static string? FaultOf(IReadOnlyList<DispatchMethod> decisions, IReadOnlyList<DispatchMethod> evolutions, bool isFolded) =>
        (decisions.Count, evolutions.Count, isFolded) switch
        {
            (0, _, _) => $"it has no method {MethodNames.Decide}",
            (_, 0, false) => $"it has no method {MethodNames.Evolve}",
            (_, > 0, true) => $"it has a method {MethodNames.Evolve} but no property {Initial}: an aggregate folds itself",
            _ => null,
        };

    private static string? FaultOfState(MethodCandidate candidate, ITypeSymbol state)
    {
        if (candidate.States > 1)
            return "it takes the state twice";

        var isNullable = state is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated };
        return isNullable && candidate.Method.Parameters.Where((_, index) => candidate.Arguments[index] == Argument.State)
            .Any(static parameter => parameter.Type.NullableAnnotation == NullableAnnotation.NotAnnotated)
            ? $"the state may be null: take it as '{state.ForMessage()}'"
            : null;
    }

    private static string? FaultOfEvolve(IMethodSymbol method, ITypeSymbol state, Compilation compilation)
    {
        if (!compilation.HasImplicitConversion(method.ReturnType, state))
            return $"it must return '{state.ForMessage()}'";

        return state is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }
            && method.ReturnType.NullableAnnotation == NullableAnnotation.Annotated
            ? "it may return null, but the state must not be null"
            : null;
    }

    private static string? FaultOfDecide(IMethodSymbol method, Compilation compilation)
    {
        var decided = Awaited(method.ReturnType);
        return IsMany(decided, compilation) || IsEvent(decided) || IsBaseOfEvents(decided)
            ? null
            : "it must return an event, a sequence of events, or a task of these";
    }

    private static bool IsEvent(ITypeSymbol type) => ValueOf(type).Has(KnownTypes.EventAttribute);

    private static ITypeSymbol ValueOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
            ? value
            : type;

    private static bool IsBaseOfEvents(ITypeSymbol type) =>
        type is { SpecialType: SpecialType.None, TypeKind: TypeKind.Interface or TypeKind.Class, IsSealed: false }
        && !type.IsOfSystem();

    private static bool DecidesMany(IMethodSymbol method, Compilation compilation) => IsMany(Awaited(method.ReturnType), compilation);

    private static bool IsMany(ITypeSymbol type, Compilation compilation) =>
        compilation.GetSpecialType(SpecialType.System_Collections_Generic_IEnumerable_T).Construct(
            compilation.GetSpecialType(SpecialType.System_Object)) is var objects
        && (compilation.HasImplicitConversion(type, objects) || ValueOf(type).AllInterfaces.Prepend(type).Any(IsSequenceOfStructs));

    private static bool IsSequenceOfStructs(ITypeSymbol type) =>
        type is INamedTypeSymbol
        {
            OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T,
            TypeArguments: [{ IsValueType: true } item],
        }
        && item.Has(KnownTypes.EventAttribute);

    private static ITypeSymbol Awaited(ITypeSymbol type) =>
        type.MetadataName() is "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1"
            ? ((INamedTypeSymbol)type).TypeArguments[0]
            : type;

    private static string AccessibilityFor(ITypeSymbol state, Compilation compilation)
    {
        if (IsPublic(state))
            return "public";

        return compilation.IsSymbolAccessibleWithin(state, compilation.Assembly) ? "internal" : "private";
    }

    private static bool IsPublic(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsPublic(array.ElementType),
        INamedTypeSymbol named => named.DeclaredAccessibility == Accessibility.Public
            && (named.ContainingType is not { } outer || IsPublic(outer)) && named.TypeArguments.All(IsPublic),
        _ => true,
    };
}
