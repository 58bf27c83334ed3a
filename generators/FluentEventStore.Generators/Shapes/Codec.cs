using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Shapes;

/// <summary>How the values of a type are written and read: a tree from the type down to its leaves.</summary>
internal abstract record Codec
{
    private const string Library = "global::FluentEventStore.Serialization.";

    /// <summary>Whether it writes null too.</summary>
    public bool IsNullable => this is NullableCodec;

    /// <summary>What it writes, beside null.</summary>
    public JsonTypes Json => Plain switch
    {
        NumberCodec { Form: NumberForm.Named } => JsonTypes.Number | JsonTypes.Text,
        NumberCodec { Form: NumberForm.Text } or KeyCodec => JsonTypes.Text,
        ScalarCodec scalar => scalar.Leaf.Json,

        // A value without a name is written as its number.
        EnumCodec => JsonTypes.Text | JsonTypes.Number,
        SequenceCodec => JsonTypes.Array,
        MapCodec or ObjectCodec => JsonTypes.Object,
        _ => JsonTypes.Any,
    };

    /// <summary>The type of PostgreSQL that takes every value that it writes; jsonb for what is or may be an object or an array.</summary>
    public string Column => Plain switch
    {
        ScalarCodec scalar => scalar.Leaf.Column,
        EnumCodec => "text",
        _ => "jsonb",
    };

    private Codec Plain => this switch
    {
        NullableCodec nullable => nullable.Value.Plain,
        WrapperCodec wrapper => wrapper.Value.Plain,
        _ => this,
    };

    /// <summary>The codec as generated code names it.</summary>
    public sealed override string ToString() => this switch
    {
        LeafCodec leaf => Library + leaf.Leaf.Codec,
        KeyCodec key => Library + key.Leaf.KeyCodec,
        NumberCodec number => Of($"{number.Form}Number", number.TypeName, Library + number.Leaf.Codec),
        EnumNumbersCodec type => Of("EnumNumber", type.TypeName, type.NumberType, Library + type.Leaf.Codec),
        ConverterCodec converter => Of("Converter", converter.TypeName, converter.Converter),

        // A converter may want to be asked for null too.
        NullableCodec { Value: ConverterCodec value, Kind: var kind } => Of($"{kind}Converter", value.TypeName, value.Converter),
        NullableCodec nullable => Of($"{nullable.Kind}", nullable.TypeName, nullable.Value),
        SequenceCodec list => Of(list.Kind, list.TypeName, list.ItemType, list.Item, Factory("Collection", list.Factory, list.ItemType)),
        MapCodec map => Of(
            map.Kind, map.TypeName, map.KeyType, map.ItemType, map.Key, map.Item,
            Factory("Dictionary", map.Factory, $"{map.KeyType}, {map.ItemType}")),
        GeneratedCodec generated => $"global::{TypeNames.GeneratedNamespace}.{generated.Name}",
        _ => throw new NotSupportedException(GetType().Name),
    };

    private static string Of(string kind, params object?[] arguments) =>
        $"{Library}{kind}Codec<{string.Join(", ", arguments.Where(static argument => argument is not null))}>";

    private static string? Factory(string kind, string? name, string types) =>
        name is null ? null : $"{Library}{kind}Factories.{name}<{types}>";
}

/// <summary>What comes down to one leaf.</summary>
internal abstract record ScalarCodec(Leaf Leaf) : Codec;

/// <summary>A leaf.</summary>
internal sealed record LeafCodec(Leaf Leaf) : ScalarCodec(Leaf);

/// <summary>A leaf as the keys of a dictionary.</summary>
internal sealed record KeyCodec(Leaf Leaf) : ScalarCodec(Leaf);

/// <summary>A number in a form of its own.</summary>
/// <param name="Leaf">The number.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Form">The form.</param>
internal sealed record NumberCodec(Leaf Leaf, string TypeName, NumberForm Form) : ScalarCodec(Leaf);

/// <summary>An enum by its numbers.</summary>
/// <param name="Leaf">The numbers.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="NumberType">That of its numbers.</param>
/// <param name="Names">Each number and its name, for contracts.</param>
internal sealed record EnumNumbersCodec(Leaf Leaf, string TypeName, string NumberType, EquatableArray<string> Names) : ScalarCodec(Leaf);

/// <summary>What takes null too.</summary>
/// <param name="Kind">What can be null.</param>
/// <param name="TypeName">The fully qualified type of the values.</param>
/// <param name="Value">The codec of the values.</param>
internal sealed record NullableCodec(NullableKind Kind, string TypeName, Codec Value) : Codec;

internal enum NullableKind
{
    /// <summary>A struct.</summary>
    Nullable,

    /// <summary>A reference.</summary>
    Optional,
}

/// <summary>Items in an order, or each once.</summary>
/// <param name="Kind">Which codec of the library.</param>
/// <param name="TypeName">The fully qualified type, if the codec has to know it.</param>
/// <param name="ItemType">That of the items.</param>
/// <param name="Item">The codec of the items.</param>
/// <param name="IsSet">Whether each item is held once.</param>
/// <param name="Factory">What makes the collection, if the codec has to know it.</param>
internal sealed record SequenceCodec(string Kind, string? TypeName, string ItemType, Codec Item, bool IsSet, string? Factory) : Codec;

/// <summary>Items by keys.</summary>
/// <param name="Kind">Which codec of the library.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="KeyType">That of the keys.</param>
/// <param name="ItemType">That of the items.</param>
/// <param name="Key">The codec of the keys.</param>
/// <param name="Item">The codec of the items.</param>
/// <param name="Factory">What makes the dictionary, if the codec has to know it.</param>
internal sealed record MapCodec(
    string Kind, string TypeName, string KeyType, string ItemType, Codec Key, Codec Item, string? Factory) : Codec;

/// <summary>What only a converter of System.Text.Json knows.</summary>
/// <param name="TypeName">The fully qualified type of the values.</param>
/// <param name="Converter">That of the converter.</param>
internal sealed record ConverterCodec(string TypeName, string Converter) : Codec;

/// <summary>A codec that is generated.</summary>
/// <param name="Name">Its name, by which the shape of the type is found.</param>
internal abstract record GeneratedCodec(string Name) : Codec;

/// <summary>A record, class or struct, or one of several.</summary>
internal sealed record ObjectCodec(string Name) : GeneratedCodec(Name);

/// <summary>An enum by its names.</summary>
internal sealed record EnumCodec(string Name) : GeneratedCodec(Name);

/// <summary>A typed id.</summary>
/// <param name="Name">The name of the codec.</param>
/// <param name="Value">The codec of the value that it wraps.</param>
internal sealed record WrapperCodec(string Name, Codec Value) : GeneratedCodec(Name);
