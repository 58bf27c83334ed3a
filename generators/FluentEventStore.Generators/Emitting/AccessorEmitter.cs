using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes the access to getters, setters and fields that C# does not let generated code reach.</summary>
internal static class AccessorEmitter
{
    private const string Services = "global::System.Runtime.CompilerServices";

    public static void Emit(SourceWriter writer, ObjectShape type)
    {
        foreach (var member in type.Members)
        {
            if (member.Getter is { } getter)
                Emit(
                    writer,
                    Plain(member),
                    getter,
                    $"{(getter.IsField ? "ref " : "")}{getter.Value} Get{Plain(member)}({Target(type, getter)})");

            if (member.Accessor is { IsField: false } setter)
                EmitSetter(writer, type, Plain(member), setter);
        }

        if (type.Identity is { Accessor: { } setId } identity
            && type.Members.All(member => member.Accessor is null || Plain(member) != identity.Name))
            EmitSetter(writer, type, identity.Name, setId);
    }

    /// <summary>The value of a member.</summary>
    public static string Get(ObjectShape type, MemberModel member) => member.Getter is { } getter
        ? $"{Holder(Plain(member), getter, "Get")}Get{Plain(member)}({(type.IsValueType ? "ref " : "")}value)"
        : $"value.{member.Name}";

    /// <summary>The call of a setter, or the assignment of a field.</summary>
    public static string Assign(string name, AccessorModel accessor, string target, string value)
    {
        var forgiven = value + (accessor.Parameters.Length > 0 ? "!" : "");
        return accessor.IsField
            ? $"{Holder(name, accessor, "Get")}Get{name}({target}) = {forgiven}"
            : $"{Holder(name, accessor, "Assign")}Assign{name}({target}, {forgiven})";
    }

    private static void EmitSetter(SourceWriter writer, ObjectShape type, string name, AccessorModel setter) =>
        Emit(writer, name, setter, $"void Assign{name}({Target(type, setter)}, {setter.Value} value)");

    private static void Emit(SourceWriter writer, string name, AccessorModel accessor, string signature)
    {
        var declaration = $"""
            [{Services}.UnsafeAccessor({Services}.UnsafeAccessorKind.{(accessor.IsField ? "Field" : "Method")}, Name = "{accessor.Member}")]
            {(accessor.Parameters.Length > 0 ? "public" : "private")} static extern {signature};
            """;
        writer.Line();
        if (accessor.Parameters.Length == 0)
        {
            writer.Line(declaration);
            return;
        }

        // The runtime matches the methods of a generic type by its type parameters.
        var verb = signature.StartsWith("void ", StringComparison.Ordinal) ? "Assign" : "Get";
        writer.Open($"private static class {HolderName(name, verb)}{accessor.Parameters}{accessor.Constraints}");
        writer.Line(declaration);
        writer.Close();
    }

    private static string Holder(string name, AccessorModel accessor, string verb) =>
        accessor.Parameters.Length > 0 ? $"{HolderName(name, verb)}{accessor.Arguments}." : "";

    private static string HolderName(string name, string verb) => verb == "Get" ? $"{name}Getter" : $"{name}Accessor";

    private static string Target(ObjectShape type, AccessorModel accessor) => $"{(type.IsValueType ? "ref " : "")}{accessor.Target} target";

    private static string Plain(MemberModel member) => member.Name.TrimStart('@');
}
