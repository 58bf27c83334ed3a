using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Moves checkpoints over events that concern nobody: those of all workers of a process in a database with one statement, however many
/// there are. All go by one clock and ask at the same times; whoever asks waits for the others for a moment.
/// </summary>
internal sealed class CheckpointFlush(Database database, SqlIdentifier schema, TimeProvider waitClock) : IAsyncDisposable
{
    /// <summary>How long progress over events that do not concern a range may stay unwritten.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the first of a flush waits for the others.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly string _move = $"""
        select array_agg(m.is_moved order by m.place), array_agg(m.is_free order by m.place),
               array_agg(coalesce(m.paused, false) order by m.place), array_agg(coalesce(m.epoch, 0) order by m.place)
        from {schema}.{MoveCheckpointsFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) m
        """;

    private readonly long _began = waitClock.GetTimestamp();
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _isRunning;

    /// <summary>The time that all workers go by.</summary>
    public TimeSpan Now => waitClock.GetElapsedTime(_began);

    /// <summary>The next time at which all write what they passed over.</summary>
    public static TimeSpan After(TimeSpan now) => new(((now.Ticks / Interval.Ticks) + 1) * Interval.Ticks);

    /// <summary>Moves a checkpoint together with others.</summary>
    /// <param name="move">Where.</param>
    /// <param name="cancellationToken">Ends the wait; what is written for others too is written.</param>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the statement was sent.</exception>
    /// <exception cref="Exception">Nothing was written, and it may be tried again.</exception>
    public Task<FlushResult> MoveAsync(FlushMove move, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(move);
        lock (_gate)
        {
            if (!_isRunning && !_work.TryBegin(RunAsync))
                throw ConnectionSource.Disposed();

            _isRunning = true;
            _waiting.Add(waiting);
        }

        return waiting.Result.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Gathering, waitClock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<Waiting> gathered;
            lock (_gate)
            {
                (gathered, _waiting) = (_waiting, []);
                _isRunning = gathered is not [];
            }

            if (gathered is [])
                return;

            await WriteAsync(gathered, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(List<Waiting> gathered, CancellationToken cancellationToken)
    {
        try
        {
            FlushMove[] moves = [.. gathered.Select(static waiting => waiting.Move)];
            using var batch = new NpgsqlBatch();
            AddTo(batch, moves);
            var results = await database.WriteAsync(batch, moves, Read, cancellationToken).ConfigureAwait(false);
            for (var index = 0; index < moves.Length; index++)
                gathered[index].Result.SetResult(results![index]);
        }
        catch (Exception failure)
        {
            var told = cancellationToken.IsCancellationRequested ? ConnectionSource.Disposed() : failure;
            foreach (var waiting in gathered)
                waiting.Result.SetException(told);
        }
    }

    private void AddTo(NpgsqlBatch batch, FlushMove[] moves)
    {
        batch.Add(_move)
            .WithArray(Of(static move => move.Holding.Range.Subscription), NpgsqlDbType.Text)
            .WithArray(Of(static move => move.Holding.Range.Version), NpgsqlDbType.Integer)
            .WithArray(Of(static move => move.Holding.Range.Tenant), NpgsqlDbType.Text)
            .WithArray(Of(static move => move.Holding.Range.First), NpgsqlDbType.Smallint)
            .WithArray(Of(static move => move.Holding.Range.Last), NpgsqlDbType.Smallint)
            .WithArray(Of(static move => move.Holding.Node), NpgsqlDbType.Uuid)
            .WithArray(Of(static move => move.Tenure.Epoch), NpgsqlDbType.Bigint)
            .WithArray(Of(static move => move.Tenure.Server), NpgsqlDbType.TimestampTz)
            .WithArray(Of(static move => move.From), NpgsqlDbType.Bigint)
            .WithArray(Of(static move => move.To), NpgsqlDbType.Bigint);

        T[] Of<T>(Func<FlushMove, T> value) => Array.ConvertAll(moves, move => value(move));
    }

    private static FlushResult[] Read(NpgsqlDataReader row, FlushMove[] moves)
    {
        var isMoved = row.GetFieldValue<bool[]>(0);
        var isFree = row.GetFieldValue<bool[]>(1);
        var paused = row.GetFieldValue<bool[]>(2);
        var epochs = row.GetFieldValue<long[]>(3);
        var results = new FlushResult[moves.Length];
        for (var index = 0; index < results.Length; index++)
        {
            // Another epoch says all there is to know, whoever has locked the row.
            results[index] = isMoved[index] ? FlushResult.Moved
                : !isFree[index] && epochs[index] == moves[index].Tenure.Epoch ? FlushResult.Busy
                : new FlushResult(IsMoved: false, new Refusal(paused[index], epochs[index] == 0 ? null : epochs[index]));
        }

        return results;
    }

    private sealed class Waiting
    {
        public Waiting(FlushMove move)
        {
            Move = move;

            // Whoever asked may have given up: a failure that nobody awaits must not count as unobserved.
            _ = Result.Task.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted
                    | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        public FlushMove Move { get; }

        public TaskCompletionSource<FlushResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
