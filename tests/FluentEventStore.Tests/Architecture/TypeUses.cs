using Mono.Cecil;
using Mono.Cecil.Cil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>
/// What a type of a built assembly uses in its signatures, its attributes and the bodies of its methods, those made by the compiler
/// included.
/// </summary>
internal static class TypeUses
{
    /// <summary>The types used by a type and the types nested in it; for a nested type, the outermost one.</summary>
    public static IReadOnlySet<string> Of(TypeDefinition type)
    {
        var uses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in WithNested(type))
        {
            Add(uses, part.BaseType);
            Add(uses, part.CustomAttributes);
            foreach (var implemented in part.Interfaces)
                Add(uses, implemented.InterfaceType);
            foreach (var parameter in part.GenericParameters)
                Add(uses, parameter.Constraints.Select(static constraint => constraint.ConstraintType));
            foreach (var field in part.Fields)
                Add(uses, field.FieldType);
            foreach (var property in part.Properties)
                Add(uses, property.CustomAttributes);
            foreach (var method in part.Methods)
                AddMethod(uses, method);
        }

        uses.Remove(type.FullName);
        return uses;
    }

    /// <summary>The methods that the bodies of a type call.</summary>
    public static IEnumerable<MethodReference> Calls(TypeDefinition type) =>
        from part in WithNested(type)
        from method in part.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        let called = instruction.Operand as MethodReference
        where called is not null
        select called;

    /// <summary>The types in the signature of a member.</summary>
    public static IReadOnlySet<string> OfSignature(MethodDefinition method)
    {
        var uses = new HashSet<string>(StringComparer.Ordinal);
        AddSignature(uses, method);
        return uses;
    }

    public static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static void AddMethod(HashSet<string> uses, MethodDefinition method)
    {
        AddSignature(uses, method);
        Add(uses, method.CustomAttributes);
        if (!method.HasBody)
            return;

        Add(uses, method.Body.Variables.Select(static variable => variable.VariableType));
        foreach (var instruction in method.Body.Instructions)
            AddOperand(uses, instruction);
    }

    private static void AddSignature(HashSet<string> uses, MethodDefinition method)
    {
        Add(uses, method.ReturnType);
        Add(uses, method.Parameters.Select(static parameter => parameter.ParameterType));
        foreach (var parameter in method.GenericParameters)
            Add(uses, parameter.Constraints.Select(static constraint => constraint.ConstraintType));
    }

    private static void AddOperand(HashSet<string> uses, Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(uses, type);
                break;
            case FieldReference field:
                Add(uses, field.DeclaringType);
                Add(uses, field.FieldType);
                break;
            case MethodReference method:
                Add(uses, method.DeclaringType);
                Add(uses, method.ReturnType);
                Add(uses, method.Parameters.Select(static parameter => parameter.ParameterType));
                if (method is GenericInstanceMethod generic)
                    Add(uses, generic.GenericArguments);
                break;
        }
    }

    private static void Add(HashSet<string> uses, IEnumerable<CustomAttribute> attributes) =>
        Add(uses, attributes.Select(static attribute => attribute.AttributeType));

    private static void Add(HashSet<string> uses, IEnumerable<TypeReference> types)
    {
        foreach (var type in types)
            Add(uses, type);
    }

    private static void Add(HashSet<string> uses, TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                Add(uses, generic.ElementType);
                Add(uses, generic.GenericArguments);
                return;
            case TypeSpecification wrapped:
                Add(uses, wrapped.ElementType);
                return;
        }

        while (type.DeclaringType is not null)
            type = type.DeclaringType;

        uses.Add(type.FullName);
    }
}
