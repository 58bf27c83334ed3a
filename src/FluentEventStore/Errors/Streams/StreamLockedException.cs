using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// Another transaction kept a stream locked for as long as a statement may run: it has written to the stream or locked its row, and has not
/// ended.
/// </summary>
/// <remarks>
/// Nothing was written and the session is still usable: save it again. <c>select pid, pg_blocking_pids(pid), query from pg_stat_activity
/// where wait_event_type = 'Lock'</c> says who waits for whom.
/// </remarks>
public sealed class StreamLockedException(StreamId streamId, TimeSpan waited)
    : FluentEventStoreException(string.Create(
        CultureInfo.InvariantCulture, $"Stream '{streamId}' could not be written within {waited.TotalSeconds:0.#} s: another transaction "
            + $"holds it locked."))
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>How long the unit of work waited for it.</summary>
    public TimeSpan Waited { get; } = waited;
}
