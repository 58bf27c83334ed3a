using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>Folds the events of one unit into the views that they concern.</summary>
/// <param name="heads">Reads the streams.</param>
/// <param name="claim">Knows whether units of work may keep the views.</param>
/// <param name="unit">The unit.</param>
/// <param name="concerned">For each of its events: what it concerns.</param>
/// <param name="sets">The views that are concerned, in the order of their tables.</param>
internal sealed class ViewFolding(
    StreamHeads heads, InlineClaim claim, EventUnit unit, DeclaredViews[][] concerned, ViewSet[] sets) : IInlineFolding
{
    private StreamHead[] _heads = [];
    private ViewRow?[][] _rows = [];
    private bool _claims;

    public IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows =>
        [.. sets.SelectMany(static set => set.Ids.Select(id => (set.Table.Type.ClrType, id)))];

    public bool LacksKeys => false;

    public void Begin(FetchedSnapshots fetched)
    {
    }

    public int AddReads(NpgsqlBatch batch, bool locks)
    {
        _claims = claim.AddRead(batch);
        heads.AddRead(batch, unit);
        foreach (var set in sets)
        {
            if (locks)
                set.Table.AddLockViews(batch, TenantOf(set), set.Ids, unit.Origin.Timestamp);
            else
                set.Table.AddReadViews(batch, TenantOf(set), set.Ids);
        }

        return (_claims ? 2 : 1) + sets.Length;
    }

    public async Task ReadAsync(NpgsqlDataReader? rows, CancellationToken cancellationToken)
    {
        if (_claims)
            await claim.CheckAsync(rows!, cancellationToken).ConfigureAwait(false);

        _heads = await StreamHeads.ReadAsync(rows!, unit, cancellationToken).ConfigureAwait(false);
        _rows = new ViewRow?[sets.Length][];
        for (var index = 0; index < sets.Length; index++)
            _rows[index] = await ViewRow.ReadAsync(rows!, sets[index].Ids.Count, cancellationToken).ConfigureAwait(false);
    }

    public Task FetchKeysAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public InlineChanges Fold(JsonWriter payloads)
    {
        var streams = new FoldedStreams(unit.Streams.Length);
        foreach (var set in sets)
            set.Clear();

        for (var index = 0; index < concerned.Length; index++)
        {
            if (concerned[index].Length == 0)
                continue;

            var @event = unit.Events[index];
            var head = _heads[@event.Stream - 1];
            streams.Expect(@event.Stream, head);
            foreach (var set in sets)
            {
                if (Array.IndexOf(concerned[index], set.Views) >= 0)
                    set.Add(unit.Foresee(@event, head.Version + @event.Offset));
            }
        }

        List<DocumentChange> changes = [];
        for (var index = 0; index < sets.Length; index++)
        {
            sets[index].Fold(_rows[index]);
            changes.AddRange(sets[index].Describe(payloads));
        }

        return new InlineChanges(streams, changes);
    }

    private TenantId TenantOf(ViewSet set) => set.Views.IsOfStore ? TenantId.Default : unit.TenantId;
}
