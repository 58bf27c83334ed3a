namespace FluentEventStore.Subscriptions;

/// <summary>What carries a claimed range, until it ends by itself or is told to.</summary>
internal interface IRangeRun : IAsyncDisposable
{
    /// <summary>Which range.</summary>
    RangeKey Range { get; }

    /// <summary>The epoch that the range is carried with.</summary>
    long Epoch { get; }

    /// <summary>When the server was started that it was claimed on.</summary>
    DateTimeOffset Server { get; }

    /// <summary>Up to where everything that concerns it was handled or waits: at least what is stored.</summary>
    long Position { get; }

    /// <summary>Whether there is nothing to do for it at the moment.</summary>
    bool IsIdle { get; }

    /// <summary>Why it ended by itself; <see langword="null"/> if it has not.</summary>
    RunEnd? Ended { get; }

    bool IsRunning { get; }

    /// <summary>Begins, apart from the flow of the caller.</summary>
    void Start();

    /// <summary>The range is another's now: whatever is under way ends, and nothing of it is written.</summary>
    void Abort(RunEnd why);

    /// <summary>Somebody wants a parked key of the range to be replayed.</summary>
    void Wish();

    /// <summary>Ends after what is at hand, writes what was handled, and gives the range up.</summary>
    /// <param name="cancellationToken">Ends what is at hand too.</param>
    Task StopAsync(CancellationToken cancellationToken);
}
