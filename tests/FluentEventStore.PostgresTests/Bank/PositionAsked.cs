namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event whose fold asks for its position, which an inline snapshot does not know.</summary>
[Event]
public sealed record PositionAsked;
