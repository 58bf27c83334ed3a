using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>Folds the events of one unit into the snapshots that they concern.</summary>
internal sealed class SnapshotFolding(EventUnit unit, List<SnapshotConcern> concerns, PersonalData personalData)
    : IInlineFolding
{
    // For each concern: what was read, and what is to be folded onto it.
    private readonly FetchedSnapshot?[] _snapshots = new FetchedSnapshot?[concerns.Count];
    private readonly List<IEvent>[] _events = new List<IEvent>[concerns.Count];

    // What is read together, by its reader.
    private readonly List<int[]> _asked = [];

    public IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows =>
        concerns.ConvertAll(static concern => (concern.Reader.Type.ClrType, concern.DocumentId));

    public bool LacksKeys => Array.Exists(_events, static events => events.Exists(static @event => SealedEvent.Of(@event) is not null));

    public void Begin(FetchedSnapshots fetched)
    {
        for (var index = 0; index < concerns.Count; index++)
        {
            var turn = concerns[index].Turn;
            _snapshots[index] = !turn.FoldsAnew
                && fetched.TryGet(concerns[index].Reader.Type.ClrType, turn.Stream.StreamId, out var snapshot)
                ? snapshot
                : null;
        }
    }

    public int AddReads(NpgsqlBatch batch, bool locks)
    {
        // Whoever has locked a stream is alone with its snapshots.
        if (locks)
            Array.Clear(_snapshots);

        return AddMissing(batch);
    }

    public async Task ReadAsync(NpgsqlDataReader? rows, CancellationToken cancellationToken)
    {
        // Held-back events are opened together with the events of the unit, once those are played after them.
        var events = new EventQueue(personalData);
        foreach (var asked in _asked)
        {
            var snapshots = await SnapshotReader.ReadAsync(rows!, unit.TenantId, events, cancellationToken).ConfigureAwait(false);
            for (var index = 0; index < asked.Length; index++)
                _snapshots[asked[index]] = snapshots[index];
        }

        Play();
    }

    public async Task FetchKeysAsync(CancellationToken cancellationToken) =>
        await personalData.OpenAsync(_events, cancellationToken).ConfigureAwait(false);

    public InlineChanges Fold(JsonWriter payloads)
    {
        var streams = new FoldedStreams(unit.Streams.Length);
        List<DocumentChange> changes = [];
        for (var index = 0; index < concerns.Count; index++)
        {
            var (turn, snapshot) = (concerns[index].Turn, _snapshots[index]!);
            if (snapshot.Stream.IsLinked)
                continue;

            if (snapshot.Stream.IsHidden && !turn.Revives)
            {
                // The unit is refused for that, unless somebody else shows the stream again first: then it is read anew.
                if (turn.Stream.Count > 0)
                    streams.Refuse(turn.Stream.Ordinal);

                continue;
            }

            streams.Expect(turn.Stream.Ordinal, snapshot.Stream);
            if (Fold(concerns[index], snapshot, _events[index], payloads) is { } change)
                changes.Add(change);
        }

        return new InlineChanges(streams, changes);
    }

    private static DocumentChange? Fold(SnapshotConcern concern, FetchedSnapshot snapshot, List<IEvent> events, JsonWriter payloads)
    {
        var turn = concern.Turn;
        // A row need not say that it holds events that do not concern it: its times are those of events that do.
        if (snapshot.Counts && !events.Exists(@event => concern.Reader.Type.Handles(@event.Data)))
            return null;

        var source = new SnapshotSource(turn.Stream.StreamId, snapshot.Stream.Version + turn.Stream.Count, turn.Rewrites, []);
        return new StreamFold(concern.Reader, concern.DocumentId, snapshot).Run(events)
            .Describe(DocumentChangeKind.StoreSnapshot, source, payloads);
    }

    private int AddMissing(NpgsqlBatch batch)
    {
        _asked.Clear();
        _asked.AddRange(Enumerable.Range(0, concerns.Count)
            .Where(index => _snapshots[index] is null)
            .GroupBy(index => concerns[index].Reader, static (_, indexes) => indexes.ToArray()));
        foreach (var asked in _asked)
        {
            concerns[asked[0]].Reader.AddRead(
                batch,
                unit.TenantId,
                Array.ConvertAll(asked, index => concerns[index].Turn.Stream.StreamId),
                Array.ConvertAll(asked, index => concerns[index].Turn.FoldsAnew));
        }

        return _asked.Count;
    }

    private void Play()
    {
        for (var index = 0; index < concerns.Count; index++)
            _events[index] = concerns[index].Turn.Play(_snapshots[index]!.Missing, _snapshots[index]!.Stream.Version);
    }
}
