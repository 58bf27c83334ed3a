namespace FluentEventStore.Subscriptions;

/// <summary>
/// A parked key whose events are delivered, beside the log: from the first that waits up to where the range is read. There the key is free.
/// </summary>
internal sealed class PullLane
{
    public PullLane(Wish wish)
    {
        Key = wish.Key;
        (Stored, Position, Scanned) = (wish.Position, wish.Position, wish.Position - 1);
        Renew(wish);
    }

    public EventKey Key { get; }

    /// <summary>The position that the key waits from, as it is stored.</summary>
    public long Stored { get; private set; }

    /// <summary>The position that it waits from, as it is known here.</summary>
    public long Position { get; private set; }

    /// <summary>Up to where the log was read for it.</summary>
    public long Scanned { get; private set; }

    /// <summary>How many more of its events are to be delivered.</summary>
    public long Count { get; private set; }

    /// <summary>How many of its events are to be dropped before that.</summary>
    public long Drops { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>How often the first event was delivered before.</summary>
    public int Attempts { get; private set; }

    public Queue<PullEntry> Items { get; } = [];

    /// <summary>Whether nothing of it is out, or known and not stored.</summary>
    public bool IsAtRest => !IsDirty && (!Items.TryPeek(out var head) || head.State is PullEntryState.Queued);

    /// <summary>Whether it has moved since it was stored.</summary>
    public bool IsDirty => MustWrite || Position != Stored;

    /// <summary>Whether it goes on only once it is stored.</summary>
    public bool MustWrite => _isFree || _isOver || _dropped is not null;

    /// <summary>What is stored to be wanted, as far as is known here.</summary>
    public (long Count, long Drops) Read { get; private set; }

    private bool _hasBegun;
    private bool _isFree;
    private bool _isOver;
    private (WorkItem Item, string Reason)? _dropped;
    private (WorkItem Item, WorkFailure Failure)? _failed;

    /// <summary>
    /// Whether it may begin where the range is read: only once its first event is there, for it is that one that is wanted. If all are
    /// wanted, it may be the next to be read.
    /// </summary>
    public bool BeginsAt(long read) => _hasBegun |= read >= Position || (read == Position - 1 && Drops == 0 && Count == long.MaxValue);

    /// <summary>Somebody wants something of the key.</summary>
    public void Renew(Wish wish)
    {
        (Count, Drops, Reason, Attempts) = (wish.Count, wish.Drops, wish.Reason ?? "", wish.Attempts);
        Read = (Count, Drops);
    }

    public void Take(WorkPage page)
    {
        foreach (var item in page.Items.Where(item => item.Key == Key && item.Position > Scanned && item.Position >= Position))
            Items.Enqueue(new PullEntry(item, this, item.Position == Position ? Attempts : 0));

        Scanned = Math.Max(Scanned, page.ReadTo);
    }

    /// <summary>Its first event is done.</summary>
    public void Pass()
    {
        Position = Items.Dequeue().Position + 1;
        Count -= Count == long.MaxValue ? 0 : 1;
    }

    /// <summary>Its first event is never delivered.</summary>
    public void Drop(string reason)
    {
        var item = Items.Dequeue().Item;
        (Position, _dropped) = (item.Position + 1, (item, reason));
    }

    /// <summary>It stays behind with its first event.</summary>
    public void StayBehind(WorkFailure? failure)
    {
        var item = Items.Peek().Item;
        (Position, _isOver) = (item.Position, true);
        _failed = failure is null ? null : (item, failure);
    }

    /// <summary>Nothing of it waits any more.</summary>
    public void Free() => _isFree = true;

    /// <summary>What is to be stored.</summary>
    public ParkedMove Move() => new(Key, Stored, _isFree ? 0 : Position, _isOver ? null : Count)
    {
        Dropped = _dropped,
        Failed = _failed,
        Read = Read,
    };

    /// <summary>Something was stored.</summary>
    public void Moved(ParkedMove move)
    {
        Stored = move.Next;
        if (move.Dropped is not null)
            (_dropped, Drops) = (null, Math.Max(Drops - 1, 0));

        Read = (move.Wish ?? Count, Drops);
    }
}
