using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FluentEventStore.Serialization;

/// <summary>
/// What a converter of System.Text.Json makes of a value, with web defaults and without metadata of other types. It may write what jsonb
/// cannot keep, so its output is checked before it is passed on.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ConverterCodec<T, TConverter> : IJsonCodec<T>
    where TConverter : JsonConverter<T>, new()
{
    private static readonly TConverter Converter = new();
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { TypeInfoResolver = JsonTypeInfoResolver
        .Combine() };

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T value)
    {
        if (value is null && !HandlesNull)
            throw JsonFailure.Null(typeof(T).Name);

        Write(writer, value, isAskedForNull: HandlesNull || default(T) is not null);
    }

    /// <inheritdoc/>
    public static T Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null && default(T) is null && !HandlesNull)
            throw JsonFailure.Unreadable(ref reader, typeof(T).Name);

        return ReadAny(ref reader) ?? throw new JsonException($"{typeof(TConverter).Name} read null as {typeof(T).Name}.");
    }

    /// <summary>Whether the converter handles null too.</summary>
    internal static bool HandlesNull { get; } = Converter.HandleNull;

    /// <summary>Whether JSON null is read as null without asking the converter.</summary>
    internal static bool IsNull(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null && !HandlesNull;

    /// <summary>Whether null is written as JSON null without asking the converter.</summary>
    internal static bool IsNull(T? value) => value is null && !HandlesNull;

    /// <summary>Writes what the converter makes of the value.</summary>
    /// <param name="writer">Writes it.</param>
    /// <param name="value">The value.</param>
    /// <param name="isAskedForNull">Whether JSON null is read by the converter.</param>
    /// <exception cref="JsonException">The converter wrote null for a value, but would not read null as a value.</exception>
    internal static void Write(JsonWriter writer, T value, bool isAskedForNull)
    {
        var written = JsonElementCodec.Make(value, static (given, foreign) => Converter.Write(foreign, given, Options));
        if (written.ValueKind == JsonValueKind.Null && value is not null && !(isAskedForNull && MakesValueOfNull()))
            throw new JsonException(
                $"{typeof(TConverter).Name} wrote null for a value of type {typeof(T).Name}, but null is not read back as one.");

        JsonElementCodec.Write(writer, written);
    }

    private static bool MakesValueOfNull()
    {
        var reader = new Utf8JsonReader("null"u8);
        reader.Read();
        try
        {
            return Converter.Read(ref reader, typeof(T), Options) is not null;
        }
        catch (Exception failure) when (failure is JsonException
            or InvalidOperationException
            or FormatException
            or NotSupportedException
            or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads what the converter makes of the value, even null.</summary>
    internal static T? ReadAny(ref Utf8JsonReader reader)
    {
        var start = reader;
        var value = Converter.Read(ref reader, typeof(T), Options);

        // Otherwise the rest of the value would be taken for other properties, or for the end of the object.
        var isAtEnd = start.TokenType switch
        {
            JsonTokenType.StartObject => reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == start.CurrentDepth,
            JsonTokenType.StartArray => reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == start.CurrentDepth,
            _ => reader.BytesConsumed == start.BytesConsumed,
        };
        if (isAtEnd)
            return value;

        reader = start;
        throw new JsonException($"{typeof(TConverter).Name} read too much or too little: it must stop at the last token of its value.");
    }
}
