using System.Globalization;
using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

/// <summary>An aggregate with an id, which can be kept as a document too.</summary>
internal sealed class AggregateType<T, TDispatch, TId, TShape>(DocumentType document) : AggregateType<T>(document.Name, document)
    where T : class
    where TDispatch : struct, IAggregateDispatch<T>
    where TId : notnull
    where TShape : struct, IDocumentShape<T, TId>
{
    /// <inheritdoc/>
    /// <remarks>An aggregate that begins without an id gets that of its stream, where the stream's id is one of this type.</remarks>
    public override T? Fold(T? aggregate, IEvent @event)
    {
        var folded = TDispatch.Fold(aggregate, @event);
        if (aggregate is null && folded is not null && IsUnassigned(TShape.GetId(folded)) && TryConvert(@event.StreamId, out var id))
            TShape.SetId(folded, id);

        return folded;
    }

    private static bool IsUnassigned(TId? id) => id is null or "" || EqualityComparer<TId>.Default.Equals(id, default);

    private static bool TryConvert(StreamId streamId, out TId id)
    {
        object? converted = null;
        if (typeof(TId) == typeof(Guid) && streamId.TryGetGuid(out var guid))
            converted = guid;
        else if (typeof(TId) == typeof(string))
            converted = streamId.Value;
        else if (typeof(TId) == typeof(int) && int.TryParse(streamId.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            converted = number;
        else if (typeof(TId) == typeof(long) && long.TryParse(streamId.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var longNumber))
            converted = longNumber;

        id = converted is TId found ? found : default!;
        return converted is not null;
    }
}
