namespace FluentEventStore.AspNetCore;

/// <summary>Sends what a follower reads, and signs of life between.</summary>
internal sealed class FollowLoop(Follower follower, EventStreamWriter writer, TimeSpan heartbeat)
{
    // What is at hand is sent together, up to about this size.
    private const int BytesOfFlush = 32 << 10;

    private long _sentTo;

    /// <exception cref="OperationCanceledException">The client has gone, or the application stops.</exception>
    public async Task RunAsync(FollowStart start, CancellationToken cancellationToken)
    {
        if (start.IsBehind)
            await follower.BeginAsync().ConfigureAwait(false);

        // A client that loses its connection before the first event goes on from here too.
        writer.Begin();
        writer.WriteSignOfLife(start.After);
        _sentTo = start.After;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Before a wait, and before an event that cannot be read.
            if (!follower.Next.IsCompletedSuccessfully || writer.Unflushed >= BytesOfFlush)
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);

            await WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!await follower.Next.ConfigureAwait(false))
                return;

            writer.Write(follower.Current);
            _sentTo = follower.Current.Position;
            follower.Advance();
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!follower.Next.IsCompleted)
        {
            await ((Task)follower.Next).WaitAsync(heartbeat, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (follower.Next.IsCompleted)
                return;

            // An event of which the client is not told yet has a higher position.
            var readTo = follower.ReadTo;
            writer.WriteSignOfLife(readTo > _sentTo ? readTo : null);
            _sentTo = Math.Max(_sentTo, readTo);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
