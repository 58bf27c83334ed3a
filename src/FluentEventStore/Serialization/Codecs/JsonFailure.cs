using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>The exceptions of the codecs. They name no JSON path: the store derives it from the bytes written or read so far.</summary>
internal static class JsonFailure
{
    public static JsonException Unreadable(ref Utf8JsonReader reader, string type) => new(reader.TokenType == JsonTokenType.Null
        ? $"null was found where a value of type {type} is expected."
        : $"A JSON {Kind(reader.TokenType)} cannot be read as {type}.");

    public static JsonException Null(string type) => new($"null was found where a value of type {type} is expected.");

    public static JsonException ReadOnly<T>() => new($"{typeof(T).Name} takes no items, so it could not be read back.");

    public static JsonException Derived(object value, Type type) =>
        new($"A {NameOf(value.GetType())} is given where a {NameOf(type)} is stored, and would be read back as one.");

    // Without the number of type parameters.
    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.PropertyName => "property name",
        JsonTokenType.String => "string of this content",
        JsonTokenType.Number => "number of this value",
        JsonTokenType.True or JsonTokenType.False => "boolean",
        _ => "token",
    };
}
