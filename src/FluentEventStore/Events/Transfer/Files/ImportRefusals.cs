using System.Globalization;

namespace FluentEventStore.Events;

/// <summary>The errors that both the check of a file and the import itself find.</summary>
internal static class ImportRefusals
{
    public static ImportException ClosedStream(ImportedEvent @event, ImportSource source) =>
        source.Refuse(ImportFault.ClosedStream, "the stream is archived or deleted in the store.", @event);

    public static ImportException OtherTenant(TenantId tenantId, ImportSource source, TenantId allowed, ImportedEvent? @event = null)
    {
        var reason = $"it belongs to tenant '{tenantId}', but only tenant '{allowed}' is imported.";
        return @event is null ? source.Refuse(ImportFault.OtherTenant, reason) : source.Refuse(ImportFault.OtherTenant, reason, @event);
    }

    public static ImportException DifferentEvent(ImportedEvent @event, Guid id, ImportSource source, long actual)
    {
        var other = @event.IsLink
            ? $"no link to {id} there"
            : $"another event there: its id or type is not {id}, '{@event.TypeName}'";
        return source.Refuse(
            ImportFault.DifferentEvent, string.Create(
                CultureInfo.InvariantCulture, $"the stream is at version {actual} in the store, but has {other}."), @event);
    }

    public static ImportException NaturalKey(ImportedEvent @event, ImportSource source, string name, string value, string heldBy) =>
        source.Refuse(
            ImportFault.NaturalKey,
            $"it sets the natural key '{value}' of '{name[ReservationNames.OfKeys.Length..]}', which stream '{heldBy}' has.",
            @event);

    public static ImportException KnownId(ImportedEvent @event, Guid id, ImportSource source, string streamId, long version) =>
        source.Refuse(
        ImportFault.RepeatedId,
        string.Create(CultureInfo.InvariantCulture, $"its id {id} is already that of version {version} of stream '{streamId}'."),
        @event);

    /// <exception cref="ImportException">
    /// The JSON of an event has too many bytes. White space does not count, since the server writes some into exported JSON.
    /// </exception>
    public static void CheckSize(ImportedEvent @event, ImportSource source, ReadOnlySpan<byte> json, int? limit)
    {
        if (json.Length > limit && StorableJson.CountBytes(json) is var size && size > limit)
        {
            throw source.Refuse(
                ImportFault.TooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its JSON has {size} bytes, but the store takes at most {limit} (options.Events.MaxBytesOfEvent)."),
                @event);
        }
    }

    /// <summary>The error for a version that is not the next one of its stream.</summary>
    public static ImportException Misplaced(ImportedEvent @event, ImportSource source, long before) => @event.Version > before + 1
        ? source.Refuse(
            ImportFault.Hole,
            string.Create(CultureInfo.InvariantCulture, $"the stream is at version {before}, so version {before + 1} is missing."),
            @event)
        : source.Refuse(
            ImportFault.RepeatedVersion,
            string.Create(CultureInfo.InvariantCulture, $"an earlier event is version {before} of the stream already."),
            @event);
}
