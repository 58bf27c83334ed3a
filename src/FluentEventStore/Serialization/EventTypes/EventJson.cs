using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes and reads the JSON of events. Any failure becomes the one exception that says in which event it is, and where.</summary>
internal static class EventJson
{
    /// <summary>The JSON of an event that is to be recorded.</summary>
    /// <returns>Its bytes, valid as long as the payloads are.</returns>
    /// <exception cref="EventSerializationException">The data has no JSON that the database can keep.</exception>
    public static ReadOnlyMemory<byte> Write(EventType type, object data, StreamId streamId, JsonWriter payloads)
    {
        try
        {
            type.Write(payloads.Begin(), data);
            SealedMark.RefuseIn(payloads.Piece.Span);
            return payloads.Piece;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var location = new EventLocation(type.Name, type.Version, streamId, Version: 0, Position: 0);
            var written = PersonalDataScope.Current is { Plain: not null } scope ? scope.Redact(payloads.Piece.Span) : payloads.Piece.Span;
            throw new EventSerializationException(location, JsonPath.WhereItEnds(written), failure.Message, failure);
        }
    }

    /// <exception cref="EventTooLargeException">The JSON of an event that is to be recorded has too many bytes.</exception>
    public static void CheckSize(EventType type, StreamId streamId, ReadOnlyMemory<byte> json, int limit)
    {
        if (json.Length > limit)
            throw new EventTooLargeException(
                new EventLocation(type.Name, type.Version, streamId, Version: 0, Position: 0), json.Length, limit);
    }

    /// <summary>Reads a recorded event, in its current shape.</summary>
    /// <exception cref="EventSerializationException">The JSON does not fit the type, or an upcaster failed.</exception>
    public static IEvent Read(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            return type.Read(ref reader, metadata);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Unreadable(metadata, json, reader.TokenStartIndex, failure);
        }
    }

    /// <summary>What went wrong while a recorded event was read.</summary>
    /// <param name="metadata">Which event it is.</param>
    /// <param name="json">Its data as it is stored.</param>
    /// <param name="offset">How far it was read.</param>
    /// <param name="failure">What failed: a codec, or an upcaster, which knows the event but not its JSON.</param>
    public static EventSerializationException Unreadable(
        in EventMetadata metadata, ReadOnlySpan<byte> json, long offset, Exception failure) =>
        failure is EventSerializationException { InnerException: { } cause } ofUpcaster
            ? new EventSerializationException(
                metadata.Location, new JsonPlace(ofUpcaster.Path, JsonExcerpt.Around(json, 0)), ofUpcaster.Reason, cause)
            : new EventSerializationException(metadata.Location, JsonPath.PlaceOf(json, offset), failure.Message, failure);
}
