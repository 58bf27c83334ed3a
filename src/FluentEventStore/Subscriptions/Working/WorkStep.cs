namespace FluentEventStore.Subscriptions;

/// <summary>What a worker wants done next.</summary>
internal abstract record WorkStep
{
    /// <summary>Read events after a position; do not wait for some beyond a time.</summary>
    public sealed record Fetch(long After, TimeSpan? Until) : WorkStep;

    /// <summary>Hand events to the handler, in their order.</summary>
    /// <param name="Items">The events.</param>
    /// <param name="Attempt">Which call for the first of them it is: 1 is the first.</param>
    public sealed record Handle(IReadOnlyList<WorkItem> Items, int Attempt) : WorkStep;

    /// <summary>Move the checkpoint, together with what the handler did with its session.</summary>
    /// <param name="From">Where it is stored to be.</param>
    /// <param name="To">Where it moves.</param>
    /// <param name="Last">The last event that is handled with that; <see langword="null"/> if none is.</param>
    /// <param name="Count">How many items are done with that.</param>
    public sealed record Commit(long From, long To, WorkItem? Last, int Count) : WorkStep
    {
        /// <summary>An event that is given up with that, and why; <see langword="null"/> if none is.</summary>
        public (WorkItem Item, FailedEvent How, WorkFailure Failure, int Calls)? GivenUp { get; init; }

        /// <summary>What becomes of parked keys with that.</summary>
        public IReadOnlyList<ParkedMove> Moves { get; init; } = [];

        /// <summary>
        /// Whether nothing is done with that but to pass over events that do not concern the range: it is written together with what others
        /// pass over, and may be put off.
        /// </summary>
        public bool IsFlush { get; init; }
    }

    /// <summary>Read which parked keys somebody wants to be replayed.</summary>
    public sealed record ReadWishes : WorkStep;

    /// <summary>Read events of parked keys.</summary>
    /// <param name="Keys">The keys.</param>
    /// <param name="After">The position after which they begin.</param>
    /// <param name="UpTo">The position up to which they waited.</param>
    public sealed record FetchParked(IReadOnlyCollection<EventKey> Keys, long After, long UpTo) : WorkStep;

    /// <summary>Draw a new epoch, since it is unknown what became of a commit, or a call of the handler may still go on.</summary>
    public sealed record Raise : WorkStep;

    /// <summary>Pause.</summary>
    public sealed record Wait(TimeSpan Until) : WorkStep;

    /// <summary>Do nothing until the range is changed from outside.</summary>
    public sealed record Rest : WorkStep;

    /// <summary>Store why the range does not go on, and give it up.</summary>
    public sealed record Fault(WorkItem? Item, WorkFailure Failure, int Calls) : WorkStep;

    /// <summary>Nothing more.</summary>
    public sealed record End(RunEnd Reason) : WorkStep;
}
