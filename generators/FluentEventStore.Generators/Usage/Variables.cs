using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Generators.Usage;

/// <summary>Which variables operations speak of.</summary>
internal static class Variables
{
    /// <summary>The local or parameter that an operation is a reference to.</summary>
    public static ISymbol? Of(IOperation operation) => operation switch
    {
        IConversionOperation conversion => Of(conversion.Operand),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    /// <summary>The same, or the field or property of the object itself.</summary>
    public static ISymbol? OfAnyKind(IOperation operation) => operation switch
    {
        IConversionOperation conversion => OfAnyKind(conversion.Operand),
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property => property.Property,
        _ => Of(operation),
    };

    /// <summary>The variables that get another value.</summary>
    public static IEnumerable<ISymbol> AssignedBy(IOperation operation) => operation switch
    {
        IAssignmentOperation { Target: ITupleOperation tuple } => tuple.Elements.Select(OfAnyKind).OfType<ISymbol>(),
        IAssignmentOperation assignment when OfAnyKind(assignment.Target) is { } variable => [variable],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when OfAnyKind(argument.Value) is { } variable =>
            [variable],
        _ => [],
    };

    /// <summary>What an operation calls a member of, other than those of every object.</summary>
    public static (IOperation Receiver, ISymbol Member)? CalledBy(IOperation operation)
    {
        var (receiver, member) = operation switch
        {
            IInvocationOperation { Instance: { } instance } call => (instance, (ISymbol)call.TargetMethod),
            IMemberReferenceOperation { Instance: { } instance } reference => (instance, reference.Member),
            _ => (null, null),
        };
        return receiver is not null && member is { ContainingType.SpecialType: not SpecialType.System_Object } ? (receiver, member) : null;
    }

    /// <summary>The task itself, where an operation says how to go on after it.</summary>
    public static IOperation WithoutConfigureAwait(IOperation operation) => operation switch
    {
        IConversionOperation conversion => WithoutConfigureAwait(conversion.Operand),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } call =>
            WithoutConfigureAwait(call.Instance ?? call.Arguments[0].Value),
        _ => operation,
    };

    /// <summary>The body that an operation belongs to.</summary>
    public static IOperation Root(IOperation operation)
    {
        var root = operation;
        while (root.Parent is { } parent)
            root = parent;

        return root;
    }
}
