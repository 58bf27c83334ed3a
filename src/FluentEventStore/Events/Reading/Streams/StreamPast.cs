namespace FluentEventStore.Events;

/// <summary>The past of a stream. It tells whether a page goes on where the last one ended.</summary>
/// <param name="Key">Its key. If the stream is erased and begins anew, it gets another one.</param>
/// <param name="TruncatedBefore">The lowest version that is read of it.</param>
internal readonly record struct StreamPast(long Key, long TruncatedBefore)
{
    /// <summary>Whether what was not read yet is still there, unchanged.</summary>
    /// <param name="now">The stream now; <see langword="null"/> if it is gone or hidden.</param>
    /// <param name="left">What was not read yet.</param>
    public bool GoesOnAs(StreamPast? now, StreamSpan left) => now is { } past && past.Key == Key
        && (past.TruncatedBefore == TruncatedBefore
            || (left.IsBackwards ? past.TruncatedBefore <= left.FromVersion : past.TruncatedBefore < left.FromVersion));
}
