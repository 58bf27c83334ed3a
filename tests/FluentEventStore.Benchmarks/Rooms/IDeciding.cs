using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Loads an aggregate for a decision and appends what was decided, at the version that was loaded.</summary>
internal interface IDeciding
{
    /// <returns>How many events the aggregate had seen.</returns>
    Task<int> DecideAsync(Guid stream, Payment decided);
}
