using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// The JSON of an event that holds personal data, before the data is encrypted. It shares nothing with the event that it was made of, so
/// keys may be fetched meanwhile.
/// </summary>
internal sealed class EventDraft
{
    private readonly byte[] _json;
    private readonly List<PlainValue> _values;
    private readonly byte[]? _mark;

    private EventDraft(byte[] json, List<PlainValue> values, byte[]? mark) => (_json, _values, _mark) = (json, values, mark);

    /// <summary>How many bytes the event has before it is encrypted.</summary>
    public int Length => _json.Length;

    /// <summary>Writes an event that is to be recorded.</summary>
    /// <exception cref="EventSerializationException">
    /// The data has no JSON that the database can keep, or a subject is not a subject id.
    /// </exception>
    public static EventDraft Of(EventType type, object data, StreamId streamId)
    {
        using var payload = new JsonWriter();
        var scope = new PersonalDataScope();
        scope.Enter();
        try
        {
            return new EventDraft(EventJson.Write(type, data, streamId, payload).ToArray(), scope.Plain!, mark: null);
        }
        finally
        {
            PersonalDataScope.Leave();
        }
    }

    /// <summary>Looks in foreign JSON for personal data that is not encrypted.</summary>
    /// <param name="type">The type of the event, in the shape that the JSON has.</param>
    /// <param name="json">The JSON, which may hold encrypted values already. They stay as they are.</param>
    /// <returns>The draft; <see langword="null"/> if the event cannot be read before its encrypted values are.</returns>
    /// <exception cref="JsonException">The JSON does not fit the type, or a subject is not a subject id.</exception>
    public static EventDraft? Of(EventType type, ReadOnlySpan<byte> json)
    {
        var mark = SealedMark.Take(json, out var rest);
        var data = mark is null ? json.ToArray() : rest;
        var scope = new PersonalDataScope(mark);
        var reader = new Utf8JsonReader(data);
        scope.Enter();
        try
        {
            reader.Read();
            type.ReadData(ref reader);
            return new EventDraft(data, scope.Plain!, mark);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A constructor may refuse the stand-in for an encrypted value.
            return mark is null
                ? throw new JsonException(
                    $"It does not fit its type at {JsonPath.PlaceOf(data, reader.TokenStartIndex).Path}: {failure.Message}", failure)
                : null;
        }
        finally
        {
            PersonalDataScope.Leave();
        }
    }

    /// <summary>The event as it would be read, if it were recorded.</summary>
    /// <exception cref="EventSerializationException">The JSON does not fit the type, or an upcaster failed.</exception>
    public IEvent Read(EventType type, in EventMetadata metadata) => EventJson.Read(type, metadata, _json);

    /// <summary>The event as it is stored.</summary>
    public byte[] Seal(Sealing sealing)
    {
        sealing.Mark ??= _mark;
        return sealing.Seal(_json, _values);
    }
}
