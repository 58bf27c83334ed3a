namespace FluentEventStore.PostgresTests.Models;

/// <summary>A link of the model: where it stands, and which event it leads to.</summary>
public sealed record ModelLink(long Version, Guid EventId);
