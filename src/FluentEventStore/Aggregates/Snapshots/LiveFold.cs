using System.Text.Json;
using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore.Aggregates;

/// <summary>Folds an aggregate, beginning with its snapshot if there is one.</summary>
internal sealed class LiveFold<T>(AggregateType<T> type, SnapshotRule rule) : SnapshotFold(type.Name, rule.Shape)
    where T : class
{
    private long _version;
    private bool _holdsPersonalData;

    public T? State { get; private set; }

    /// <summary>How many events were folded.</summary>
    public int Count { get; private set; }

    public override bool TryBegin(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            State = (T)type.Document!.Read(ref reader);
            _version = KeptVersion;
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The stream says what the state is.
            KeptVersion = 0;
            return false;
        }
    }

    public void Add(IEvent @event)
    {
        State = type.Fold(State, @event);
        _version = @event.Version;
        Count++;

        // A state in plain text would outlive the key of its subject.
        _holdsPersonalData |= !EventCatalog.TryGet(@event.TypeName, @event.TypeVersion, out var eventType) || eventType.HoldsPersonalData;
    }

    /// <summary>Keeps the state if it is due: so many events were folded that the next reader had better begin here.</summary>
    public async ValueTask KeepAsync(Snapshots snapshots, CancellationToken cancellationToken)
    {
        if (Count < rule.Every || StreamKey == 0 || _holdsPersonalData || State is null)
            return;

        using var payload = new JsonWriter();
        ReadOnlyMemory<byte> json;
        try
        {
            type.Document!.Write(payload.Begin(), State);
            json = payload.Piece;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A state that has no JSON is folded each time.
            return;
        }

        await snapshots.KeepAsync(this, _version, json, cancellationToken).ConfigureAwait(false);
    }
}
