using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Reads the JSON of events that may hold encrypted values, with the keys that are at hand.</summary>
internal static class SealedEventJson
{
    /// <summary>Decodes an event; <see langword="null"/> if keys are missing.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="json">Its data as it is stored.</param>
    /// <param name="keys">The keys that are at hand.</param>
    /// <param name="kept">Takes the values as they are encrypted; <see langword="null"/> if nobody needs them.</param>
    /// <param name="scope">The scope in which it was decoded, which names the missing keys.</param>
    public static IEvent? TryRead(
        EventType type,
        in EventMetadata metadata,
        ReadOnlySpan<byte> json,
        ISubjectKeySource keys,
        KeptValues? kept,
        out PersonalDataScope scope)
    {
        if (TryDecode(type, metadata, json, keys, kept, out scope) is not { } data)
            return null;

        try
        {
            return type.Record(data, metadata);
        }
        catch (EventSerializationException failure)
        {
            throw EventJson.Unreadable(metadata, json, offset: 0, failure);
        }
    }

    /// <summary>Decodes the data of an event, in the shape in which it is stored; <see langword="null"/> if keys are missing.</summary>
    /// <inheritdoc cref="TryRead" path="/param"/>
    public static object? TryDecode(
        EventType type,
        in EventMetadata metadata,
        ReadOnlySpan<byte> json,
        ISubjectKeySource keys,
        KeptValues? kept,
        out PersonalDataScope scope)
    {
        var (mark, data) = TakeMark(metadata, json);
        scope = new PersonalDataScope(metadata.TenantId, metadata.Id, mark, keys) { Kept = kept };
        var decoded = Decode(type, metadata, data, scope);
        return scope.IsIncomplete ? null : decoded;
    }

    private static (byte[]? Mark, byte[] Data) TakeMark(in EventMetadata metadata, ReadOnlySpan<byte> json)
    {
        try
        {
            var mark = SealedMark.Take(json, out var rest);
            return (mark, mark is null ? json.ToArray() : rest);
        }
        catch (JsonException failure)
        {
            throw EventJson.Unreadable(metadata, json, offset: 0, failure);
        }
    }

    /// <returns>The data; <see langword="null"/> if keys are missing and a type refused a stand-in.</returns>
    private static object? Decode(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json, PersonalDataScope scope)
    {
        var reader = new Utf8JsonReader(json);
        scope.Enter();
        try
        {
            reader.Read();
            return type.ReadData(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return scope.IsIncomplete ? null : throw EventJson.Unreadable(metadata, json, reader.TokenStartIndex, failure);
        }
        finally
        {
            PersonalDataScope.Leave();
        }
    }
}
