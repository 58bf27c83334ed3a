using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>Where units of a process wait for each other.</summary>
internal sealed class UnitLines(AppendLanes lanes, TimeProvider clock)
{
    /// <summary>Where units are combined that only append.</summary>
    public AppendLanes Lanes => lanes;

    /// <summary>Where units stand in line for their streams that do more than append.</summary>
    public StreamLines Writers { get; } = new(clock, Timeout.InfiniteTimeSpan);

    /// <summary>Where those stand in line who decide over a stream, once two of them have met there.</summary>
    public StreamLines Deciders { get; } = new(clock, longestTurn: TimeSpan.FromSeconds(1));
}
