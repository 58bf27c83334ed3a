namespace FluentEventStore.Subscriptions;

// What it writes, and what it does if it is not known whether that was written.
internal sealed partial class WorkerRun
{
    private async Task CommitAsync(WorkStep.Commit commit, CancellationToken cancellationToken)
    {
        var before = _worker.Failing;
        try
        {
            await _commit.RunAsync(commit, () => Now, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (commit.Last is not null && Failures.IsOfTime(late))
        {
            await _notes.WriteOutageAsync(commit.Last, new WorkFailure(FailureKind.Outage, late), cancellationToken).ConfigureAwait(false);
            throw;
        }

        if (_worker.Failing is var (item, calls, failure) && (item, calls) != (before?.Item, before?.Calls))
            await _notes.WriteAsync(RowState.Waiting, item, failure, calls, cancellationToken).ConfigureAwait(false);
        else if (commit.Count == 0 && _worker.Suspected is var (suspect, why))
            await _notes.WriteAsync(RowState.Waiting, suspect, why, calls: 0, cancellationToken).ConfigureAwait(false);
    }

    private async Task RaiseAsync(CancellationToken cancellationToken)
    {
        if (await _place.Rows.RaiseAsync(_holding.Range, _worker.Epoch, cancellationToken).ConfigureAwait(false) is not { } claim)
            _worker.End(RunEnd.Fenced);
        else if (claim.Server != _claim.Server)
            _worker.End(RunEnd.ServerChanged);
        else
            Begin(claim);
    }
}
