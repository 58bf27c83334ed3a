namespace FluentEventStore.Sessions;

/// <summary>
/// How long a unit of work is tried while others get in its way. It gives up by time, never by a count: how often others come first says
/// nothing.
/// </summary>
/// <param name="limit">From now on; <see cref="Timeout.InfiniteTimeSpan"/> for without end.</param>
/// <param name="clock">The clock that measures it.</param>
internal sealed class Patience(TimeSpan limit, TimeProvider clock)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly long _since = clock.GetTimestamp();
    private TimeSpan _pause = ShortestPause;

    /// <summary>What is left of the limit; <see cref="Timeout.InfiniteTimeSpan"/> if there is no limit.</summary>
    public TimeSpan Left
    {
        get
        {
            if (limit == Timeout.InfiniteTimeSpan)
                return limit;

            var left = limit - Spent;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public TimeSpan Spent => clock.GetElapsedTime(_since);

    public bool IsOver => Left == TimeSpan.Zero;

    /// <summary>Waits a random part of a pause that doubles each time, so that writers that met once do not meet again.</summary>
    public Task PauseAsync(CancellationToken cancellationToken)
    {
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return Task.Delay(_pause * Random.Shared.NextDouble(), clock, cancellationToken);
    }
}
