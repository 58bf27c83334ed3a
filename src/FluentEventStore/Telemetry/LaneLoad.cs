namespace FluentEventStore.Telemetry;

/// <summary>What the lanes of group commit have to do at a moment.</summary>
/// <param name="Busy">How many are sending.</param>
/// <param name="Waiting">How many units wait for one.</param>
/// <param name="Blocked">How many units wait for streams that others keep locked.</param>
internal readonly record struct LaneLoad(int Busy, int Waiting, int Blocked);
