using System.Text.Json;
using System.Text.Unicode;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>Checks JSON of other sources: whether jsonb can keep it, and readers can read it.</summary>
internal static class StorableJson
{
    /// <summary>The depth that codecs read.</summary>
    public const int MaxDepth = 64;

    /// <summary>What is wrong with a text that should be one JSON value; <see langword="null"/> if nothing is wrong.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return "It is not valid UTF-8.";

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
                return "It is empty.";

            do
            {
                if (FindFault(ref reader) is { } fault)
                    return fault;
            }
            while (reader.Read());
            return null;
        }
        catch (JsonException failure)
        {
            return $"It is not JSON: {failure.Message}";
        }
    }

    /// <summary>How many bytes a JSON value has without the white space between its tokens.</summary>
    public static int CountBytes(ReadOnlySpan<byte> json)
    {
        var (count, isText) = (0, false);
        for (var index = 0; index < json.Length; index++)
        {
            if (!isText && json[index] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
                continue;

            count++;
            if (json[index] == '"')
                isText = !isText;
            else if (isText && json[index] == '\\' && ++index < json.Length)
                count++;
        }

        return count;
    }

    /// <summary>What is wrong with the current token.</summary>
    public static string? FindFault(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped => FindFaultOfText(ref reader),
        JsonTokenType.Number => StorableNumber.FindFault(reader.ValueSpan),
        _ => null,
    };

    private static string? FindFaultOfText(ref Utf8JsonReader reader)
    {
        try
        {
            return StorableText.FindFault(reader.GetString());
        }
        catch (InvalidOperationException)
        {
            return "An escaped lone surrogate is not valid Unicode.";
        }
    }
}
