namespace FluentEventStore.Tests.Subscriptions;

/// <summary>The row of a parked key, in memory.</summary>
internal sealed record ModelParked(long Position, long? Wish, long Drops);
