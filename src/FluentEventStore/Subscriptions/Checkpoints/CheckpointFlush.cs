using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Moves checkpoints over events that concern nobody: those of all workers of a process in a database with one statement, however many
/// there are. All go by one clock and ask at the same times; whoever asks waits for the others for a moment.
/// </summary>
internal sealed class CheckpointFlush : IAsyncDisposable
{
    /// <summary>How long progress over events that do not concern a range may stay unwritten.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly TimeProvider _waitClock;
    private readonly long _began;
    private readonly GatheredCall<FlushMove, FlushResult> _call;
    private readonly string _move;

    public CheckpointFlush(Database database, SqlIdentifier schema, TimeProvider waitClock)
    {
        (_database, _waitClock, _began) = (database, waitClock, waitClock.GetTimestamp());
        _call = new GatheredCall<FlushMove, FlushResult>(WriteAsync, waitClock);
        _move = $"""
            select array_agg(m.is_moved order by m.place), array_agg(m.is_free order by m.place),
                   array_agg(coalesce(m.paused, false) order by m.place), array_agg(coalesce(m.epoch, 0) order by m.place)
            from {schema}.{MoveCheckpointsFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) m
            """;
    }

    /// <summary>The time that all workers go by.</summary>
    public TimeSpan Now => _waitClock.GetElapsedTime(_began);

    /// <summary>The next time at which all write what they passed over.</summary>
    public static TimeSpan After(TimeSpan now) => new(((now.Ticks / Interval.Ticks) + 1) * Interval.Ticks);

    /// <summary>Moves a checkpoint together with others.</summary>
    /// <param name="move">Where.</param>
    /// <param name="cancellationToken">Ends the wait; what is written for others too is written.</param>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the statement was sent.</exception>
    /// <exception cref="Exception">Nothing was written, and it may be tried again.</exception>
    public Task<FlushResult> MoveAsync(FlushMove move, CancellationToken cancellationToken) => _call.AskAsync(move, cancellationToken);

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _call.DisposeAsync();

    private async Task<IReadOnlyList<FlushResult>> WriteAsync(FlushMove[] moves, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        AddTo(batch, moves);
        return await _database.WriteAsync(batch, moves, Read, cancellationToken).ConfigureAwait(false) ?? [];
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
}
