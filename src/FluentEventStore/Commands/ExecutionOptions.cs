namespace FluentEventStore;

/// <summary>
/// How a decision is executed: what its session is opened with, on which condition it is made, and how long it is made again. Every form of
/// <c>ExecuteAsync</c> that takes <see cref="SessionOptions"/> takes them.
/// </summary>
public sealed class ExecutionOptions : SessionOptions
{
    /// <summary>
    /// Looks at which state of the stream was loaded, before the decision is made over it. What it throws ends the execution, and nothing
    /// is written. It is called again in each attempt.
    /// </summary>
    /// <value>
    /// Gets <see langword="default"/>, with version 0, if there is no stream or its events are hidden. What is decided is written only if
    /// the stream is still at the version that was looked at. Default: <see langword="null"/>.
    /// </value>
    public Action<StoredVersion>? Check { get; set; }

    /// <summary>How long the decision is made again if somebody else appends to the stream meanwhile.</summary>
    /// <value>
    /// From zero, which throws the first <see cref="StreamVersionConflictException"/>, to 24 days;
    /// <see cref="Timeout.InfiniteTimeSpan"/> means without end. Default: <see langword="null"/>, for as long as a statement may run
    /// (<see cref="EventStoreOptions.CommandTimeout"/>).
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? RetryFor
    {
        get;
        set
        {
            if (value is { } limit && limit != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(RetryFor));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(24), nameof(RetryFor));
            }

            field = value;
        }
    }
}
