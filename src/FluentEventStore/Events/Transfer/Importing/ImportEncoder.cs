using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// Turns imported events into what is stored. Personal data in them is encrypted, whether they come as objects or in their stored form.
/// </summary>
internal static class ImportEncoder
{
    /// <summary>The JSON of an event without encryption, written into the payloads and valid as long as they are.</summary>
    /// <exception cref="EventSerializationException">The data has no JSON that the database can keep.</exception>
    public static ReadOnlyMemory<byte> Encode(ImportedEvent @event, JsonWriter payloads)
    {
        if (@event.Data is { } data)
            return EventJson.Write(@event.Type!, data, @event.StreamId, payloads);

        payloads.Begin().WriteRaw(@event.Json.Span);
        return payloads.Piece;
    }

    /// <summary>What of an event is to be encrypted; <see langword="null"/> if nothing can be, so that it is stored as it is.</summary>
    /// <exception cref="EventSerializationException">The data has no JSON that the database can keep, or a subject is none.</exception>
    /// <exception cref="ImportException">The given JSON cannot be stored, or it is unknown what is personal in it.</exception>
    public static EventDraft? Draft(ImportedEvent @event, in ImportSource source)
    {
        if (@event.Data is null)
            Check(@event, source);

        if (@event.Type is not { HoldsPersonalData: true } type)
            return null;

        if (@event.Data is { } data)
            return EventDraft.Of(type, data, @event.StreamId);

        if (type is UpcastEventType { HasNoType: true })
        {
            return @event.IsExported || !type.Current.HoldsPersonalData
                ? null
                : throw source.Refuse(
                    ImportFault.PersonalData,
                    $"it is not known what is personal in version {@event.TypeVersion} of '{@event.TypeName}': an upcaster takes it as "
                        + "JSON and makes personal data of it. Import it in its current shape.",
                    @event);
        }

        try
        {
            return EventDraft.Of(type, @event.Json.Span);
        }
        catch (JsonException failure)
        {
            throw source.Refuse(
                ImportFault.PersonalData, $"its type holds personal data, but the data cannot be found. {failure.Message}", @event);
        }
    }

    private static void Check(ImportedEvent @event, in ImportSource source)
    {
        if (@event.FindFault() is { } fault)
            throw source.Refuse(ImportFault.Json, fault, @event);

        if (@event.IsExported)
            return;

        try
        {
            SealedMark.RefuseIn(@event.Json.Span);
        }
        catch (JsonException failure)
        {
            throw source.Refuse(ImportFault.Json, failure.Message, @event);
        }
    }
}
