namespace FluentEventStore.Subscriptions;

/// <summary>The row of a range as it was looked at.</summary>
/// <param name="Key">Which range.</param>
/// <param name="Position">Up to where it has handled events.</param>
/// <param name="Epoch">Its epoch: another one, if anything but a page has changed the row.</param>
/// <param name="Owner">The node that carries it; <see langword="null"/> if none does.</param>
/// <param name="IsPaused">Whether an operator paused it.</param>
/// <param name="State">Whether it goes on, or an event failed. A layout that this build does not know is that of a faulted one.</param>
/// <param name="StopAt">The position that it does not pass; <see langword="null"/> if there is none.</param>
/// <param name="HasWishes">Whether somebody wants a parked key of the range to be replayed.</param>
/// <param name="Partition">By which key the events of the subscription stay in order.</param>
internal sealed record RangeRow(
    RangeKey Key, long Position, long Epoch, Guid? Owner, bool IsPaused, RowState State, long? StopAt, bool HasWishes, string Partition)
{
    /// <summary>Whether a node may carry it.</summary>
    public bool IsOpen => !IsPaused && State != RowState.Faulted;

    /// <summary>Whether it may be carried, and no event of it is being tried again.</summary>
    public bool GoesOn => !IsPaused && State == RowState.Open;
}
