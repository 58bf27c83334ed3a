namespace FluentEventStore.PostgresTests.Models;

/// <summary>A stream of the model: everything that is recorded of it, and what of it is shown.</summary>
public sealed record ModelStream(DateTimeOffset Created)
{
    public ModelState State { get; init; }

    public long Version { get; init; }

    public long TruncatedBefore { get; init; } = 1;

    public DateTimeOffset LastAppended { get; init; } = Created;

    public IReadOnlyList<ModelEvent> Events { get; init; } = [];

    public IReadOnlyList<ModelLink> Links { get; init; } = [];

    /// <summary>Whether an event is shown to those who read its stream or follow a link to it.</summary>
    public bool Shows(ModelEvent @event, ModelState highest) => State <= highest && @event.Version >= TruncatedBefore;
}
