using System.Buffers;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>
/// Writes values as the JSON that a store keeps of them, for answers of an application: by generated code, without reflection. Personal
/// data is written in plain text.
/// </summary>
public static class EventStoreJson
{
    /// <summary>Writes the data of an event, a document, or an aggregate that has an <c>Id</c>.</summary>
    /// <param name="value">The value. Its exact type counts.</param>
    /// <param name="output">Gets UTF-8 without white space; nothing if there is no such type.</param>
    /// <returns>Whether a store knows how to write values of the type.</returns>
    /// <exception cref="System.Text.Json.JsonException">The value cannot be written.</exception>
    public static bool TryWrite(object value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(output);
        if (FindWriter(value.GetType()) is not { } write)
            return false;

        using var payloads = new JsonWriter();
        var scope = new PersonalDataScope();
        scope.Enter();
        try
        {
            write(payloads.Begin(), value);
        }
        finally
        {
            PersonalDataScope.Leave();
        }

        output.Write(payloads.Piece.Span);
        return true;
    }

    private static Action<JsonWriter, object>? FindWriter(Type type)
    {
        if (EventCatalog.TryGet(type, out var eventType))
            return eventType.Write;

        return DocumentCatalog.TryGet(type, out var document) ? document.Write : AggregateCatalog.Find(type)?.Document is { } aggregate
            ? aggregate.Write
            : null;
    }
}
