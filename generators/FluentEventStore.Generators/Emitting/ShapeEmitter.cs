using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes the codec of a type, one file each.</summary>
internal static class ShapeEmitter
{
    private const string Writer = "global::FluentEventStore.Serialization.JsonWriter writer";
    private const string Reader = "ref global::System.Text.Json.Utf8JsonReader reader";
    private const string EnumNames = "global::FluentEventStore.Serialization.EnumNames";

    public static void Emit(SourceWriter writer, Shape shape)
    {
        switch (shape)
        {
            case ObjectShape type:
                ObjectEmitter.Emit(writer, type);
                break;
            case PolymorphicShape type:
                PolymorphicEmitter.Emit(writer, type);
                break;
            case EnumShape type:
                EmitEnum(writer, type);
                break;
            case WrapperShape type:
                EmitWrapper(writer, type);
                break;
        }
    }

    private static void EmitEnum(SourceWriter writer, EnumShape type)
    {
        var names = string.Join(",\n        ", type.Names.Select(name => $"({name.Value}, {Literals.Text(name.JsonName)})"));
        writer.Line($$"""
            namespace {{TypeNames.GeneratedNamespace}};

            {{GeneratedFile.Attribute}}
            internal readonly struct {{type.CodecName}} :
                global::FluentEventStore.Serialization.IJsonCodec<{{type.TypeName}}>,
                global::FluentEventStore.Serialization.IJsonKeyCodec<{{type.TypeName}}>
            {
                private static readonly {{EnumNames}}<{{type.TypeName}}, {{type.NumberType}}> Names = new(
                    {{(type.IsFlags ? "flags: true" : "flags: false")}}{{(names.Length > 0 ? ",\n        " : "")}}{{names}});

                public static void Write({{Writer}}, {{type.TypeName}} value) => Names.Write(writer, value);

                public static {{type.TypeName}} Read({{Reader}}) => Names.Read(ref reader);

                public static void WriteName({{Writer}}, {{type.TypeName}} key) => Names.WriteName(writer, key);

                public static {{type.TypeName}} ReadName({{Reader}}) => Names.ReadName(ref reader);
            }
            """);
    }

    private static void EmitWrapper(SourceWriter writer, WrapperShape type) => writer.Line($$"""
        namespace {{TypeNames.GeneratedNamespace}};

        {{GeneratedFile.Attribute}}
        internal readonly struct {{type.CodecName}} :
            global::FluentEventStore.Serialization.IJsonCodec<{{type.TypeName}}>,
            global::FluentEventStore.Serialization.IJsonKeyCodec<{{type.TypeName}}>
        {
            public static void Write({{Writer}}, {{type.TypeName}} value) => {{type.Value}}.Write(writer, value.{{type.ValueName}});

            public static {{type.TypeName}} Read({{Reader}}) => new({{type.Value}}.Read(ref reader));

            public static void WriteName({{Writer}}, {{type.TypeName}} key) => {{type.Key}}.WriteName(writer, key.{{type.ValueName}});

            public static {{type.TypeName}} ReadName({{Reader}}) => new({{type.Key}}.ReadName(ref reader));
        }
        """);
}
