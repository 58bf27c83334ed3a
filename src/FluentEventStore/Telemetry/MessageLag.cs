namespace FluentEventStore.Telemetry;

/// <summary>What waited to be sent when somebody looked.</summary>
/// <param name="Waiting">How many messages.</param>
/// <param name="Age">How long ago the oldest was published.</param>
/// <param name="Failing">How many keys wait because their first message has failed.</param>
internal readonly record struct MessageLag(long Waiting, TimeSpan Age, long Failing);
