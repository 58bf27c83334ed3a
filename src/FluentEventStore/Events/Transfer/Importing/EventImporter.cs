using System.Runtime.CompilerServices;
using System.Text.Json;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Imports events in the order given, in chunks of one transaction each. While the server writes one chunk, the next one is copied to it on
/// a second connection.
/// </summary>
internal sealed class EventImporter(
    Database database,
    SqlIdentifier schema,
    OrderingChecks ordering,
    Settler settler,
    SubjectKeyCache keys,
    INaturalKeys naturalKeys,
    int? maxBytesOfEvent,
    Action<NpgsqlBatch> holdSnapshots)
{
    private const int MaxAttempts = 10;
    private const long MaxChunkBytes = 32 << 20;

    private readonly string _findIds = $"""
        select wanted.ordinal::integer, s.tenant, s.id, e.version
        from pg_catalog.unnest($1) with ordinality as wanted (id, ordinal)
        cross join lateral (
          select e.stream, e.version
          from {schema}.{EventTables.Events} e
          where e.id = wanted.id
          limit 1
        ) as e
        {StreamLookup.Of(schema, "e", "s.tenant, s.id", "")}
        order by wanted.ordinal
        """;

    private readonly string _secret = $"select import_secret from {schema}.{StoreRowSchema.Store}";

    public async Task<ImportTotals> ImportAsync(
        IAsyncEnumerable<ImportItem> events,
        int chunkSize,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        await ordering.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);
        var totals = new ImportTotals(progress);
        try
        {
            var states = new ImportedStates(database, schema, holdSnapshots);
            var ids = new ImportedEventIds(await ReadSecretAsync(cancellationToken).ConfigureAwait(false));
            await ImportAsync(events, chunkSize, ids, totals, states, cancellationToken).ConfigureAwait(false);
            await states.ApplyAsync(cancellationToken).ConfigureAwait(false);
            return totals;
        }
        catch (ImportException failure) when (totals.Imported > 0)
        {
            throw failure.After(totals.Imported);
        }
    }

    private async Task ImportAsync(
        IAsyncEnumerable<ImportItem> events,
        int chunkSize,
        ImportedEventIds ids,
        ImportTotals totals,
        ImportedStates states,
        CancellationToken cancellationToken)
    {
        var finishing = Task.CompletedTask;
        var staged = default(StagedChunk);
        try
        {
            await foreach (var chunk in ChunksOf(events, chunkSize, ids, states, cancellationToken).ConfigureAwait(false))
            {
                totals.Forgotten.UnionWith(chunk.Forgotten);
                staged = await StageAsync(chunk, cancellationToken).ConfigureAwait(false);
                await finishing.ConfigureAwait(false);
                (finishing, staged) = (FinishAsync(staged, totals, cancellationToken), null);
            }

            await finishing.ConfigureAwait(false);
        }
        finally
        {
            await finishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (staged is not null)
                await staged.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<ImportChunk> ChunksOf(
        IAsyncEnumerable<ImportItem> events,
        int chunkSize,
        ImportedEventIds ids,
        ImportedStates states,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new ImportChunk(schema, ids, naturalKeys, maxBytesOfEvent);
        try
        {
            await foreach (var (@event, _, source) in events.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (@event is null)
                    continue;

                chunk.Add(@event, source);
                states.Note(@event);
                if (chunk.Events.Count < chunkSize && chunk.Bytes < MaxChunkBytes)
                    continue;

                await chunk.SealAsync(keys, cancellationToken).ConfigureAwait(false);
                var full = chunk;
                chunk = new ImportChunk(schema, ids, naturalKeys, maxBytesOfEvent);
                yield return full;
            }

            if (chunk.Events.Count > 0)
            {
                await chunk.SealAsync(keys, cancellationToken).ConfigureAwait(false);
                var last = chunk;
                chunk = new ImportChunk(schema, ids, naturalKeys, maxBytesOfEvent);
                yield return last;
            }
        }
        finally
        {
            chunk.Dispose();
        }
    }

    private async Task<Guid> ReadSecretAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_secret);
        return await database.ReadFirstAsync(batch, static row => row.GetGuid(0), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies a chunk to the server, which locks nothing.</summary>
    private async Task<StagedChunk> StageAsync(ImportChunk chunk, CancellationToken cancellationToken)
    {
        var staged = new StagedChunk(chunk);
        try
        {
            await StageAsync(staged, cancellationToken).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            await staged.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task StageAsync(StagedChunk staged, CancellationToken cancellationToken)
    {
        staged.Transaction = await database.BeginBulkAsync(ImportFunction.CreateStaging, cancellationToken).ConfigureAwait(false);
        await staged.Transaction.CopyAsync(ImportFunction.CopyIntoStaging, staged.Chunk.CopyAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(StagedChunk staged, ImportTotals totals, CancellationToken cancellationToken)
    {
        await using var _ = staged.ConfigureAwait(false);
        var (imported, lastPosition) = await Attempts
            .RunAsync(
                MaxAttempts,
                token => CommitAsync(staged, token),
                MayPass,
                (failure, token) => StageAgainAsync(staged, failure, token),
                cancellationToken)
            .ConfigureAwait(false);
        if (imported > 0)
            settler.Committed(lastPosition);

        totals.Add(imported, staged.Chunk.Events.Count - staged.Chunk.Links - imported, lastPosition);
    }

    private async Task<(long Imported, long LastPosition)> CommitAsync(StagedChunk staged, CancellationToken cancellationToken)
    {
        try
        {
            using var batch = new NpgsqlBatch();
            if (staged.Chunk.ChangesStreams)
                holdSnapshots(batch);

            staged.Chunk.AddImport(batch);
            var numbers = await staged.Transaction!.CommitAsync(batch, ReadResult, cancellationToken).ConfigureAwait(false);
            return (numbers![0], numbers[1]);
        }
        catch (PostgresException failure)
        {
            await staged.Transaction!.DisposeAsync().ConfigureAwait(false);
            await database.ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
            await RefuseAsync(failure, staged.Chunk, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static bool MayPass(Exception failure) =>
        EventConstraints.SayPositionsAreBehind(failure)
        || EventConstraints.SayKeysAreBehind(failure)
        || failure is PostgresException { SqlState: SqlStates.KeysLost }
        || (failure is PostgresException refused && SqlStates.IsRolledBackByChance(refused.SqlState));

    private async Task StageAgainAsync(StagedChunk staged, Exception failure, CancellationToken cancellationToken)
    {
        if (EventConstraints.SayPositionsAreBehind(failure))
            await ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);
        else if (EventConstraints.SayKeysAreBehind(failure))
            await ordering.AdvanceKeysAsync(cancellationToken).ConfigureAwait(false);
        else if (failure is PostgresException { SqlState: SqlStates.KeysLost })
            await staged.Chunk.SealAsync(keys, cancellationToken).ConfigureAwait(false);

        await StageAsync(staged, cancellationToken).ConfigureAwait(false);
    }

    private static long[]? ReadResult(NpgsqlDataReader row) =>
        row.GetName(0) == ImportFunction.Result ? row.GetFieldValue<long[]>(0) : null;

    /// <summary>Throws what a refusal of the server means; returns if it is not one of the import's own.</summary>
    private async Task RefuseAsync(PostgresException failure, ImportChunk chunk, CancellationToken cancellationToken)
    {
        if (failure.SqlState == SqlStates.ImportRefused)
            throw Refusal(failure, chunk);

        if (failure.SqlState == SqlStates.ReservationConflict)
            throw KeyRefusal(failure, chunk);

        if (EventConstraints.SayEventIsKnown(failure))
            await RefuseKnownIdAsync(chunk, cancellationToken).ConfigureAwait(false);
    }

    private static ImportException Refusal(PostgresException failure, ImportChunk chunk)
    {
        using var data = JsonDocument.Parse(failure.Hint ?? "{}");
        var fault = Enum.Parse<ImportFault>(data.RootElement.GetProperty("fault").GetString()!);
        var culprit = data.RootElement.TryGetProperty("event", out var ordinal)
            ? chunk.Events[ordinal.GetInt32() - 1]
            : chunk.FirstOf(data.RootElement.GetProperty("stream").GetInt32());
        var actual = data.RootElement.TryGetProperty("actual", out var version) ? version.GetInt64() : 0;
        return fault switch
        {
            ImportFault.Hole => ImportRefusals.Misplaced(culprit.Event, culprit.Source, actual),
            ImportFault.ClosedStream => ImportRefusals.ClosedStream(culprit.Event, culprit.Source),
            _ => ImportRefusals.DifferentEvent(culprit.Event, culprit.Id, culprit.Source, actual),
        };
    }

    private static ImportException KeyRefusal(PostgresException failure, ImportChunk chunk)
    {
        using var data = JsonDocument.Parse(failure.Hint ?? "{}");
        string Of(string property) => data.RootElement.GetProperty(property).GetString()!;
        var culprit = chunk.SetterOf(Of("name"), Of("value"), Of("owner"));
        return ImportRefusals.NaturalKey(culprit.Event, culprit.Source, Of("name"), Of("value"), Of("held_by"));
    }

    private async Task RefuseKnownIdAsync(ImportChunk chunk, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_findIds).With(chunk.Events.Select(static staged => staged.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        var known = await database
            .ReadAllAsync(
                batch, row => (chunk.Events[row.GetInt32(0) - 1], row.GetString(1), row.GetString(2), row.GetInt64(3)), cancellationToken)
            .ConfigureAwait(false);
        foreach (var (staged, tenantId, streamId, version) in known)
        {
            if (staged.Event.IsLink)
                continue;

            if (tenantId != staged.Event.TenantId.Value || streamId != staged.Event.StreamId.Value || version != staged.Event.Version)
                throw ImportRefusals.KnownId(staged.Event, staged.Id, staged.Source, streamId, version);
        }
    }
}
