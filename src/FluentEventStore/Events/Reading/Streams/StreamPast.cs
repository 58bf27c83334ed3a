namespace FluentEventStore.Events;

/// <summary>What a stream has behind it: whether another page of it goes on where the last one ended.</summary>
/// <param name="Key">Its key, which another life of the stream does not have.</param>
/// <param name="TruncatedBefore">The lowest version that is read of it.</param>
internal readonly record struct StreamPast(long Key, long TruncatedBefore)
{
    /// <summary>Whether what was not read yet is still there, as it was.</summary>
    /// <param name="now">The stream now; <see langword="null"/> where it is not there any more, or hidden.</param>
    /// <param name="left">What was not read yet.</param>
    public bool GoesOnAs(StreamPast? now, StreamSpan left) => now is { } past && past.Key == Key
        && (past.TruncatedBefore == TruncatedBefore
            || (left.IsBackwards ? past.TruncatedBefore <= left.FromVersion : past.TruncatedBefore < left.FromVersion));
}
