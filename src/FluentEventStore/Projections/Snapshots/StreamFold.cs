using FluentEventStore.Documents;
using FluentEventStore.Aggregates;
using FluentEventStore.Serialization;

namespace FluentEventStore.Projections;

/// <summary>Folds events onto a snapshot, wherever they come from, and says what becomes of its row.</summary>
internal sealed class StreamFold(SnapshotReader reader, DocumentId id, FetchedSnapshot snapshot)
{
    private object? _state = snapshot.Json is null ? null : DocumentReader.Read(reader.Table.Type, id, snapshot.Json);
    private DateTimeOffset _created = snapshot.Created;
    private DateTimeOffset _modified;

    // Without a row, nobody has to learn that there is no document; but if there was one in between, a fold that lags behind must.
    private bool _leavesRow = snapshot.HasRow;

    public StreamFold Run(IEnumerable<IEvent> events)
    {
        foreach (var @event in events)
        {
            var wasThere = _state is not null;
            _state = reader.Type.Fold(_state, @event);
            if (!wasThere && _state is not null)
                (_created, _leavesRow) = (@event.Timestamp, true);

            if (_modified == default || reader.Type.Handles(@event.Data))
                _modified = @event.Timestamp;
        }

        return this;
    }

    /// <summary>What to write; <see langword="null"/> if there is nothing to say.</summary>
    /// <exception cref="AggregateIdException">The aggregate has another id than its stream.</exception>
    /// <exception cref="DocumentSerializationException">It has no JSON that the database can keep.</exception>
    public DocumentChange? Describe(DocumentChangeKind kind, SnapshotSource source, JsonWriter payloads)
    {
        if (_state is null && !_leavesRow)
            return null;

        // A document is found by the id of its stream, so its own id must be that one.
        if (_state is not null)
            reader.Type.CheckId(_state, source.StreamId);

        var modified = _modified == default ? _created : _modified;
        var change = _state is null
            ? new DocumentChange(reader.Table, kind, id, DerivedLife.Nothing, source)
            : DocumentChange.Write(reader.Table, kind, id, _state, payloads, source);
        return change with
        {
            Life = new DerivedLife(_created == default ? modified : _created, modified, IsDeleted: _state is null),
            Version = source.Version,
        };
    }
}
