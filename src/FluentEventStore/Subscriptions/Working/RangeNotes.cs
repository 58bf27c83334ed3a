namespace FluentEventStore.Subscriptions;

/// <summary>Notes in the row of a range why it does not go on, for whoever looks at its status.</summary>
internal sealed class RangeNotes(Workplace place, RangeKey range, Worker worker)
{
    public async Task WriteAsync(RowState state, WorkItem? item, WorkFailure failure, int calls, CancellationToken cancellationToken)
    {
        var text = FailureJson.Write(place.Describe(item, failure, calls));
        if (!await place.Rows.FailAsync(range, worker.Epoch, state, text, cancellationToken).ConfigureAwait(false))
            worker.End(RunEnd.Fenced);

        place.Moved.Set();
    }

    /// <summary>A handler met a database that does not answer. If that is its own and not the store's, the row can say so.</summary>
    public async Task WriteOutageAsync(WorkItem item, WorkFailure failure, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(RowState.Waiting, item, failure, calls: 0, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unwritten) when (unwritten is not OutOfMemoryException)
        {
            // It is the store's.
        }
    }
}
