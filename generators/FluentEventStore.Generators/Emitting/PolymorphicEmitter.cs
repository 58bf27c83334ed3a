using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes the codec of a base type or interface, which calls those of its derived types.</summary>
internal static class PolymorphicEmitter
{
    public static void Emit(SourceWriter writer, PolymorphicShape type)
    {
        writer.Line($"""
            namespace {TypeNames.GeneratedNamespace};

            using JsonWriter = global::FluentEventStore.Serialization.JsonWriter;
            using Polymorphic = global::FluentEventStore.Serialization.PolymorphicCodec;
            using Utf8JsonReader = global::System.Text.Json.Utf8JsonReader;
            using Value = {type.TypeName};

            {GeneratedFile.Attribute}
            """);
        writer.Open($"internal readonly struct {type.CodecName} : global::FluentEventStore.Serialization.IJsonCodec<Value>");
        EmitWrite(writer, type);
        writer.Line();
        EmitRead(writer, type);
        writer.Close();
    }

    private static void EmitWrite(SourceWriter writer, PolymorphicShape type)
    {
        writer.Open("public static void Write(JsonWriter writer, Value value)");
        writer.Line("var type = Polymorphic.TypeOf(value);");
        var branch = "if";
        foreach (var derived in type.Derived)
        {
            EmitBranch(writer, branch, $"type == typeof({derived.TypeName})", WriteAs(derived));
            branch = "else if";
        }

        if (type.BaseCodec is { } baseCodec && type.Derived.All(derived => derived.Codec != baseCodec))
            EmitBranch(writer, branch, "type == typeof(Value)", $"{baseCodec}.Write(writer, value);");

        if (type.Unlisted == Unlisted.AsNearest)
        {
            foreach (var derived in type.Derived.Where(derived => derived.TypeName != type.TypeName)
                .OrderByDescending(static derived => derived.Depth))
                EmitBranch(writer, branch, $"value is {derived.TypeName}", WriteAs(derived));
        }

        EmitBranch(writer, "else", null, type.Unlisted != Unlisted.Refused && type.BaseCodec is { } fallback
            ? $"{fallback}.Write(writer, value);"
            : "throw Polymorphic.Unlisted(value);");
        writer.Close();
    }

    private static void EmitRead(SourceWriter writer, PolymorphicShape type)
    {
        var name = Literals.Text(type.PropertyName);
        writer.Open("public static Value Read(ref Utf8JsonReader reader)");
        writer.Line($"if (!Polymorphic.Find<Value>(ref reader, {name}u8, out var discriminator))");
        writer.Line(
            type.BaseCodec is { } baseCodec
                ? $"    return {baseCodec}.Read(ref reader);"
                : $"    throw Polymorphic.Missing<Value>({name});");
        writer.Line();
        foreach (var derived in type.Derived.Where(static derived => derived.Discriminator is not null))
        {
            writer.Line($"""
                if (Polymorphic.Is(ref discriminator, {derived.Discriminator}))
                    return {derived.Codec}.Read(ref reader);

                """);
        }

        writer.Line(
            type.IgnoresUnknown && type.BaseCodec is { } fallback
                ? $"return {fallback}.Read(ref reader);"
                : "throw Polymorphic.Unknown<Value>(ref discriminator);");
        writer.Close();
    }

    private static string WriteAs(DerivedModel derived) => $"{derived.Codec}.Write(writer, ({derived.TypeName})value);";

    private static void EmitBranch(SourceWriter writer, string branch, string? condition, string statement)
    {
        writer.Line(condition is null ? branch : $"{branch} ({condition})");
        writer.Line("    " + statement);
    }
}
