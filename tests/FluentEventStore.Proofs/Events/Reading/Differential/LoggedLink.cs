namespace FluentEventStore.Proofs.Events.Reading.Differential;

/// <summary>A link as the model knows it.</summary>
internal sealed record LoggedLink(LoggedEvent Event, long Version, DateTimeOffset Timestamp);
