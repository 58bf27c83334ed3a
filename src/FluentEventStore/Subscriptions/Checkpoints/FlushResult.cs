namespace FluentEventStore.Subscriptions;

/// <summary>What became of a checkpoint in a flush.</summary>
/// <param name="IsMoved">Whether it was moved.</param>
/// <param name="Refusal">Why it was not; <see langword="null"/> if it was, or if somebody had locked the row.</param>
internal readonly record struct FlushResult(bool IsMoved, Refusal? Refusal)
{
    public static FlushResult Moved => new(IsMoved: true, Refusal: null);

    /// <summary>Somebody had locked the row: it was not moved, and nothing speaks against it.</summary>
    public static FlushResult Busy => default;
}
