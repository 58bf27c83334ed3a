using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

/// <summary>A type of aggregates: its name, how it is folded, and how it is kept as a document if it has an id.</summary>
internal abstract class AggregateType(string name, Type clrType, DocumentType? document)
{
    public string Name { get; } = name;

    public Type ClrType { get; } = clrType;

    /// <summary>How the aggregate is kept as a document; <see langword="null"/> if it has no <c>Id</c>.</summary>
    public DocumentType? Document { get; } = document;

    /// <inheritdoc cref="IAggregateDispatch{T}.EventTypes"/>
    public abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Whether the aggregate has a method for events with this data.</summary>
    public abstract bool Handles(object data);

    /// <inheritdoc cref="IAggregateDispatch{T}.Fold"/>
    public abstract object? Fold(object? aggregate, IEvent @event);

    /// <summary>Checks that an aggregate has the id of its stream.</summary>
    /// <exception cref="AggregateIdException">It has another one.</exception>
    public void CheckId(object aggregate, StreamId streamId)
    {
        if (Document?.FindOtherId(aggregate, streamId) is { } other)
            throw new AggregateIdException(streamId, ClrType, other);
    }
}
