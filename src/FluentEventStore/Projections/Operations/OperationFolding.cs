using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>Does what projections want for the events of one unit.</summary>
/// <param name="heads">Reads the streams.</param>
/// <param name="claim">Knows whether units of work may keep the documents.</param>
/// <param name="unit">The unit.</param>
/// <param name="concerned">For each of its events: what it concerns.</param>
/// <param name="documents">Finds tables.</param>
internal sealed class OperationFolding(
    StreamHeads heads, InlineClaim claim, EventUnit unit, DeclaredOperations[][] concerned, DocumentTables documents) : IInlineFolding
{
    private bool _claims;
    private FoldedStreams _streams = new(0);
    private PendingDocuments _pending = new();

    // What a projection writes is known only when it has: units that write the same wait for each other in the database.
    public IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows => [];

    public bool LacksKeys => false;

    public void Begin(FetchedSnapshots fetched)
    {
    }

    public int AddReads(NpgsqlBatch batch, bool locks)
    {
        _claims = claim.AddRead(batch);
        heads.AddRead(batch, unit);
        return _claims ? 2 : 1;
    }

    public async Task ReadAsync(NpgsqlDataReader? rows, CancellationToken cancellationToken)
    {
        if (_claims)
            await claim.CheckAsync(rows!, cancellationToken).ConfigureAwait(false);

        var read = await StreamHeads.ReadAsync(rows!, unit, cancellationToken).ConfigureAwait(false);
        (_streams, _pending) = (new FoldedStreams(unit.Streams.Length), new PendingDocuments());
        for (var index = 0; index < concerned.Length; index++)
        {
            if (concerned[index].Length == 0)
                continue;

            var @event = unit.Events[index];
            var head = read[@event.Stream - 1];
            _streams.Expect(@event.Stream, head);
            foreach (var projection in concerned[index])
            {
                var foreseen = unit.Foresee(@event, head.Version + @event.Offset);
                var operations = new DocumentOperations(type => documents.Get(projection.Checked(type)), _pending, projection.Name);
                operations.Begin(foreseen);
                await projection.ProjectAsync(foreseen, operations, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task FetchKeysAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public InlineChanges Fold(JsonWriter payloads) => new(_streams, _pending.Describe(payloads));
}
