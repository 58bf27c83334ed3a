using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Messages;

/// <summary>A type of messages: its name, and how it is written and read.</summary>
internal abstract class MessageType(string name, Type clrType)
{
    public string Name { get; } = name;

    public Type ClrType { get; } = clrType;

    /// <summary>The JSON of a message, as it is now.</summary>
    /// <exception cref="MessageSerializationException">The message has no JSON that the database can keep.</exception>
    public byte[] Encode(object message)
    {
        using var payload = new JsonWriter();
        try
        {
            Write(payload.Begin(), message);
            return payload.Piece.ToArray();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new MessageSerializationException(Name, JsonPath.WhereItEnds(payload.Piece.Span), failure.Message, failure);
        }
    }

    /// <exception cref="MessageSerializationException">The JSON does not fit the type.</exception>
    public object Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            return Read(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new MessageSerializationException(Name, JsonPath.PlaceOf(json, reader.TokenStartIndex), failure.Message, failure)
            {
                IsStored = true,
            };
        }
    }

    protected abstract void Write(JsonWriter writer, object message);

    protected abstract object Read(ref Utf8JsonReader reader);
}
