using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>What the generated codecs of all base types and interfaces with <c>[JsonDerivedType]</c> have in common.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PolymorphicCodec
{
    private const int LongestShown = 100;

    /// <summary>The exact type of a value.</summary>
    /// <exception cref="JsonException"><paramref name="value"/> is <see langword="null"/>.</exception>
    public static Type TypeOf<T>(T? value)
        where T : class
        => value?.GetType() ?? throw JsonFailure.Null(typeof(T).Name);

    /// <summary>
    /// Looks for the property that says which type an object is. It may be anywhere in the object, since jsonb keeps no order.
    /// </summary>
    /// <param name="reader">Stands on the start of the object, and stays there.</param>
    /// <param name="name">The name of the property.</param>
    /// <param name="discriminator">Stands on the value of the property if there is one.</param>
    /// <exception cref="JsonException">The reader does not stand on the start of an object.</exception>
    public static bool Find<T>(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out Utf8JsonReader discriminator)
    {
        ObjectCodec.ReadStart<T>(ref reader);
        discriminator = reader;
        while (ObjectCodec.ReadName(ref discriminator))
        {
            if (ObjectCodec.Matches(ref discriminator, name))
                return true;

            discriminator.Skip();
        }

        return false;
    }

    /// <summary>Whether the discriminator is this text.</summary>
    public static bool Is(ref Utf8JsonReader discriminator, ReadOnlySpan<byte> text) =>
        discriminator.TokenType == JsonTokenType.String && discriminator.ValueTextEquals(text);

    /// <summary>Whether the discriminator is this number.</summary>
    public static bool Is(ref Utf8JsonReader discriminator, int number) =>
        discriminator.TokenType == JsonTokenType.Number && discriminator.TryGetInt32(out var value) && value == number;

    /// <summary>The object does not say which type it is.</summary>
    public static JsonException Missing<T>(string name) =>
        new($"The property '{name}', which names the kind of {typeof(T).Name}, is missing.");

    /// <summary>The object says that it is a type that is not listed.</summary>
    public static JsonException Unknown<T>(ref Utf8JsonReader discriminator)
    {
        if (discriminator.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            return JsonFailure.Unreadable(ref discriminator, $"name of a {typeof(T).Name}");

        using var value = JsonDocument.ParseValue(ref discriminator);
        var text = value.RootElement.ToString();
        return new JsonException(
            $"'{(text.Length > LongestShown ? text[..LongestShown] + "…" : text)}' is not a {typeof(T).Name} that "
                + "[JsonDerivedType] lists.");
    }

    /// <summary>The value is of a type that is not listed.</summary>
    public static JsonException Unlisted<T>(T value)
        where T : class
        => new($"{value.GetType().Name} is not a {typeof(T).Name} that [JsonDerivedType] lists.");
}
