using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes the codec of a record, class or struct.</summary>
internal static class ObjectEmitter
{
    private const string ObjectCodec = "global::FluentEventStore.Serialization.ObjectCodec";
    private const string Writer = "global::System.Text.Json.Utf8JsonWriter writer";
    private const string Reader = "ref global::System.Text.Json.Utf8JsonReader reader";

    public static void Emit(SourceWriter writer, ObjectShape type)
    {
        foreach (var member in type.Members)
        {
            writer.Line($"using {Plain(member)}Codec = {member.Codec};");
        }

        if (type.Members.Count > 0)
            writer.Line();

        writer.Line($"namespace {GeneratedFile.Namespace};");
        writer.Line();
        writer.Line(GeneratedFile.Attribute);
        writer.Open($"internal readonly struct {type.CodecName} : {Interface(type)}");
        EmitNames(writer, type);
        EmitWrite(writer, type);
        writer.Line();
        EmitRead(writer, type);
        EmitIdentity(writer, type);
        EmitAccessors(writer, type);
        writer.Close();
    }

    private static string Interface(ObjectShape type) => type.Identity is { } identity
        ? $"global::FluentEventStore.Documents.IDocumentShape<{type.TypeName}, {identity.TypeName}>"
        : $"global::FluentEventStore.Serialization.IJsonCodec<{type.TypeName}>";

    private static void EmitNames(SourceWriter writer, ObjectShape type)
    {
        foreach (var member in type.Members)
        {
            writer.Line(
                $"private static readonly global::System.Text.Json.JsonEncodedText {Plain(member)}Name = "
                + $"global::System.Text.Json.JsonEncodedText.Encode({Literals.Text(member.JsonName)});");
        }

        if (type.Members.Count > 0)
            writer.Line();
    }

    private static void EmitWrite(SourceWriter writer, ObjectShape type)
    {
        writer.Open($"public static void Write({Writer}, {type.TypeName} value)");
        writer.Line($"{ObjectCodec}.WriteStart(writer{(type.IsValueType ? "" : ", value")});");
        foreach (var member in type.Members)
        {
            writer.Line($"writer.WritePropertyName({Plain(member)}Name);");
            writer.Line($"{Plain(member)}Codec.Write(writer, value.{member.Name});");
        }

        writer.Line("writer.WriteEndObject();");
        writer.Close();
    }

    private static void EmitRead(SourceWriter writer, ObjectShape type)
    {
        var locals = new LocalNames(type);
        var read = type.Members.Where(static member => member.Assignment != Assignment.Computed).ToArray();
        writer.Open($"public static {type.TypeName} Read({Reader})");
        foreach (var member in read)
        {
            writer.Line($"{member.TypeName} {locals.Value(member)} = {member.Default ?? "default!"};");
            if (IsTracked(member))
                writer.Line($"var {locals.Flag(member)} = false;");
        }

        writer.Line($"{ObjectCodec}.ReadStart<{type.TypeName}>(ref reader);");
        EmitLoop(writer, read, locals);
        foreach (var member in read.Where(static member => member.MustBePresent))
        {
            writer.Line($"""
                if (!{locals.Flag(member)})
                    throw {ObjectCodec}.Missing<{type.TypeName}>({Literals.Text(member.JsonName)});

                """);
        }

        EmitConstruction(writer, type, read, locals);
        writer.Close();
    }

    private static void EmitLoop(SourceWriter writer, MemberModel[] read, LocalNames locals)
    {
        writer.Open($"while ({ObjectCodec}.ReadName(ref reader))");
        var branch = "if";
        foreach (var member in read)
        {
            writer.Open($"{branch} ({ObjectCodec}.Matches(ref reader, {Literals.Text(member.JsonName)}u8))");
            writer.Line($"{locals.Value(member)} = {Plain(member)}Codec.Read(ref reader);");
            if (IsTracked(member))
                writer.Line($"{locals.Flag(member)} = true;");

            writer.Close();
            branch = "else if";
        }

        if (read.Length == 0)
        {
            writer.Line($"{ObjectCodec}.SkipValue(ref reader);");
        }
        else
        {
            writer.Open("else");
            writer.Line($"{ObjectCodec}.SkipValue(ref reader);");
            writer.Close();
        }

        writer.Close();
        writer.Line();
    }

    private static void EmitConstruction(SourceWriter writer, ObjectShape type, MemberModel[] read, LocalNames locals)
    {
        var arguments = string.Join(", ", type.Arguments.Select(argument => argument.Member is null
            ? argument.Literal
            : locals.Value(argument.Member) + (argument.Forgiving ? "!" : "")));
        var initialized = read.Where(static member => member.Assignment == Assignment.Initializer).ToArray();
        var initializer = initialized.Length == 0 ? "" : $" {{ {string.Join(", ", initialized.Select(member => $"{member.Name} = {locals.Value(member)}"))} }}";
        var assigned = read.Where(static member => member.Assignment is Assignment.Setter or Assignment.Accessor).ToArray();
        if (assigned.Length == 0)
        {
            writer.Line($"return new {type.TypeName}({arguments}){initializer};");
            return;
        }

        writer.Line($"var {locals.Result} = new {type.TypeName}({arguments}){initializer};");
        var target = type.IsValueType ? $"ref {locals.Result}" : locals.Result;
        foreach (var member in assigned)
        {
            writer.Line($"if ({locals.Flag(member)})");
            writer.Line(member.Assignment == Assignment.Setter
                ? $"    {locals.Result}.{member.Name} = {locals.Value(member)};"
                : $"    Set{Plain(member)}({target}, {locals.Value(member)});");
            writer.Line();
        }

        writer.Line($"return {locals.Result};");
    }

    private static void EmitIdentity(SourceWriter writer, ObjectShape type)
    {
        if (type.Identity is not { } identity)
            return;

        writer.Line($$"""

            public static {{identity.TypeName}} GetId({{type.TypeName}} document) => document.{{identity.Name}};

            public static void SetId({{type.TypeName}} document, {{identity.TypeName}} id) => {{(identity.ByAccessor ? $"Set{identity.Name}(document, id)" : $"document.{identity.Name} = id")}};
            """);
    }

    private static void EmitAccessors(SourceWriter writer, ObjectShape type)
    {
        var accessors = type.Members
            .Where(static member => member.Assignment == Assignment.Accessor)
            .Select(static member => (Name: Plain(member), member.TypeName, DeclaringType: member.DeclaringType!))
            .ToList();
        if (type.Identity is { ByAccessor: true } identity && accessors.All(accessor => accessor.Name != identity.Name))
            accessors.Add((identity.Name, identity.TypeName, identity.DeclaringType));

        var by = type.IsValueType ? "ref " : "";
        foreach (var (name, typeName, declaringType) in accessors)
        {
            writer.Line($"""

                [global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "set_{name}")]
                private static extern void Set{name}({by}{declaringType} target, {typeName} value);
                """);
        }
    }

    private static bool IsTracked(MemberModel member) => member.MustBePresent || member.Assignment is Assignment.Setter or Assignment.Accessor;

    private static string Plain(MemberModel member) => member.Name.TrimStart('@');
}
