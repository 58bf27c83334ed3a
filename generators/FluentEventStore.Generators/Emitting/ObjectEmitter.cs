using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes the codec of a record, class or struct.</summary>
internal static class ObjectEmitter
{
    // Inside the namespace, so that no alias of the whole compilation can clash with them. No generated type has such a name.
    private const string Aliases = """
        using JsonObject = global::FluentEventStore.Serialization.ObjectCodec;
        using JsonWriter = global::FluentEventStore.Serialization.JsonWriter;
        using Utf8JsonReader = global::System.Text.Json.Utf8JsonReader;
        """;

    public static void Emit(SourceWriter writer, ObjectShape type)
    {
        writer.Line($"namespace {TypeNames.GeneratedNamespace};");
        writer.Line();
        writer.Line(Aliases);
        if (type.HoldsPersonalData)
            writer.Line("""
                using PersonalClaim = global::FluentEventStore.Serialization.PersonalClaim;
                using PersonalValue = global::FluentEventStore.Serialization.PersonalValue;
                """);

        writer.Line($"using Value = {type.TypeName};");
        foreach (var member in type.Members.Where(static member => !member.HoldsRest))
        {
            writer.Line($"using {Plain(member)}Codec = {member.Codec};");
        }

        writer.Line();
        writer.Line(GeneratedFile.Attribute);
        writer.Open($"internal readonly struct {type.CodecName} : {Interface(type)}");
        EmitWrite(writer, type);
        writer.Line();
        EmitRead(writer, type);
        EmitIdentity(writer, type);
        AccessorEmitter.Emit(writer, type);
        writer.Close();
    }

    private static string Interface(ObjectShape type) => type.Identity is { } identity
        ? $"global::FluentEventStore.Documents.IDocumentShape<Value, {identity.TypeName}>"
        : "global::FluentEventStore.Serialization.IJsonCodec<Value>";

    private static void EmitWrite(SourceWriter writer, ObjectShape type)
    {
        writer.Open("public static void Write(JsonWriter writer, Value value)");
        writer.Line($"JsonObject.WriteStart(writer{(type.IsValueType ? "" : type.IsExact ? ", value, typeof(Value)" : ", value")});");
        if (type.Discriminator is { } discriminator)
            writer.Line($"writer.Name({Literals.Name(discriminator.PropertyName)}).WriteRaw({discriminator.Json});");

        foreach (var member in type.Members)
        {
            OpenOmission(writer, type, member);
            EmitProperty(writer, type, member);
            if (member.Omission != Omission.Never)
                writer.Close();
        }

        writer.Line("writer.WriteEndObject();");
        writer.Close();
    }

    private static void EmitProperty(SourceWriter writer, ObjectShape type, MemberModel member)
    {
        var value = AccessorEmitter.Get(type, member);
        writer.Line(member switch
        {
            { HoldsRest: true } => $"JsonObject.WriteKept(writer, {value}, static name => {IsDeclared(type)});",
            { PersonalData: { } personal } =>
                $"PersonalValue.Write<{member.TypeName}, {Plain(member)}Codec>(writer.Name({Literals.Name(member.JsonName)}), {Literals
                    .Text(member.JsonName)}, {value}, value.{personal.Subject});",
            _ => $"{Plain(member)}Codec.Write(writer.Name({Literals.Name(member.JsonName)}), {value});",
        });
    }

    /// <summary>What the type writes but does not read. It is not an unknown property.</summary>
    private static IEnumerable<string> WrittenOnly(ObjectShape type)
    {
        if (type.Discriminator is { } discriminator)
            yield return discriminator.PropertyName;

        foreach (var member in type.Members.Where(static member => member.Assignment == Assignment.Computed))
            yield return member.JsonName;
    }

    private static string IsDeclared(ObjectShape type)
    {
        var names = type.Members.Where(static member => !member.HoldsRest).Select(static member => member.JsonName).ToList();
        if (type.Discriminator is { } discriminator)
            names.Insert(0, discriminator.PropertyName);

        return names.Count == 0 ? "false" : $"name is {string.Join(" or ", names.Select(Literals.Text))}";
    }

    private static void OpenOmission(SourceWriter writer, ObjectShape type, MemberModel member)
    {
        if (member.Omission == Omission.WhenNull)
            writer.Open($"if ({AccessorEmitter.Get(type, member)} is not null)");
        else if (member.Omission == Omission.WhenDefault)
            writer.Open(
                $"if (!global::System.Collections.Generic.EqualityComparer<{member.TypeName}>.Default.Equals({AccessorEmitter.Get(
                    type, member)}, default))");
    }

    private static void EmitRead(SourceWriter writer, ObjectShape type)
    {
        var locals = new LocalNames(type);
        var read = type.Members.Where(static member => member.Assignment != Assignment.Computed).ToArray();
        writer.Open("public static Value Read(ref Utf8JsonReader reader)");
        foreach (var member in read)
        {
            writer.Line($"{member.VariableType} {locals.Value(member)} = {member.Default};");
            if (IsTracked(member))
                writer.Line($"var {locals.Flag(member)} = false;");
            if (member.PersonalData is not null)
                writer.Line($"var {locals.Claim(member)} = default(PersonalClaim);");
        }

        writer.Line("JsonObject.ReadStart<Value>(ref reader);");
        EmitLoop(
            writer,
            type,
            [.. read.Where(static member => !member.HoldsRest)],
            read.FirstOrDefault(static member => member.HoldsRest),
            locals);
        foreach (var member in read.Where(static member => member.MustBePresent))
        {
            writer.Line($"""
                if (!{locals.Flag(member)})
                    throw JsonObject.Missing<Value>({Literals.Text(member.JsonName)});

                """);
        }

        EmitConstruction(writer, type, read, locals);
        writer.Close();
    }

    private static void EmitLoop(SourceWriter writer, ObjectShape type, MemberModel[] read, MemberModel? rest, LocalNames locals)
    {
        writer.Open("while (JsonObject.ReadName(ref reader))");
        var branch = "if";
        foreach (var member in read)
        {
            writer.Open($"{branch} (JsonObject.Matches(ref reader, {Literals.Text(member.JsonName)}u8))");
            writer.Line(member.PersonalData is { } personal
                ? $"{locals.Value(member)} = PersonalValue.Read<{member.TypeName}, {Plain(member)}Codec>(ref reader, {Literals.Text(
                    member.JsonName)}, {personal.Replacement}, ref {locals.Claim(member)});"
                : $"{locals.Value(member)} = {Plain(member)}Codec.Read(ref reader);");
            if (IsTracked(member))
                writer.Line($"{locals.Flag(member)} = true;");

            writer.Close();
            branch = "else if";
        }

        foreach (var name in rest is null ? [] : WrittenOnly(type))
        {
            writer.Open($"{branch} (JsonObject.Matches(ref reader, {Literals.Text(name)}u8))");
            writer.Line("JsonObject.SkipValue(ref reader);");
            writer.Close();
            branch = "else if";
        }

        var unknown = rest is null
            ? "JsonObject.SkipValue(ref reader);"
            : $"{locals.Value(rest)} = JsonObject.Keep(ref reader, {locals.Value(rest)});";
        if (rest is not null && IsTracked(rest))
            unknown += $"\n{locals.Flag(rest)} = true;";

        if (branch == "if")
        {
            writer.Line(unknown);
        }
        else
        {
            writer.Open("else");
            writer.Line(unknown);
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
        string[] initialized =
        [
            .. read.Where(static member => member.Assignment == Assignment.Initializer).Select(
                member => $"{member.Name} = {locals.Value(member)}"),
            .. type.Unfinished.Select(static name => $"{name} = default!"),
        ];
        var initializer = initialized.Length == 0 ? "" : $" {{ {string.Join(", ", initialized)} }}";
        var assigned = read.Where(static member => member.Assignment is Assignment.Setter or Assignment.Accessor).ToArray();
        var personal = read.Where(static member => member.PersonalData is not null).ToArray();
        if (assigned.Length == 0 && personal.Length == 0)
        {
            writer.Line($"return new Value({arguments}){initializer};");
            return;
        }

        writer.Line($"var {locals.Result} = new Value({arguments}){initializer};");
        var target = type.IsValueType ? $"ref {locals.Result}" : locals.Result;
        foreach (var member in assigned)
        {
            var assign = member.Accessor is { } accessor
                ? $"{AccessorEmitter.Assign(Plain(member), accessor, target, locals.Value(member))};"
                : $"{locals.Result}.{member.Name} = {locals.Value(member)};";

            // What was left out has the default, whatever the constructor gave it.
            writer.Line(member.Omission == Omission.Never ? $"if ({locals.Flag(member)})\n    {assign}" : assign);
            writer.Line();
        }

        foreach (var member in personal)
        {
            var claim = locals.Claim(member);
            var subject = $"{locals.Result}.{member.PersonalData!.Subject}";
            writer.Line($"""
                if ({claim}.IsMade)
                    PersonalValue.Confirm({claim}, {Literals.Text(member.JsonName)}, {subject});

                """);
        }

        writer.Line($"return {locals.Result};");
    }

    private static void EmitIdentity(SourceWriter writer, ObjectShape type)
    {
        if (type.Identity is not { } identity)
            return;

        var (value, id) = identity.Wrapped is { } wrapped ? ($".{wrapped.ValueName}", $"new {wrapped.TypeName}(id)") : ("", "id");
        var assign = identity.Accessor is { } setId
            ? AccessorEmitter.Assign(identity.Name, setId, "document", id)
            : $"document.{identity.Name} = {id}";
        writer.Line($$"""

            public static {{identity.TypeName}} GetId(Value document) => document.{{identity.Name}}{{value}};

            public static void SetId(Value document, {{identity.TypeName}} id) => {{assign}};
            """);
    }

    private static bool IsTracked(MemberModel member) =>
        member.MustBePresent || (member.Omission == Omission.Never && member.Assignment is Assignment.Setter or Assignment.Accessor);

    private static string Plain(MemberModel member) => member.Name.TrimStart('@');
}
