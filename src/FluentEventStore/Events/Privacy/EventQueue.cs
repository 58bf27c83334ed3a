using System.Runtime.ExceptionServices;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// Takes the events that are read. One whose keys are not at hand is held back until the connection is returned; then the missing keys are
/// fetched together.
/// </summary>
internal sealed class EventQueue
{
    private readonly PersonalData? _personalData;
    private readonly Action<IEvent>? _visit;
    private List<IEvent>? _list;
    private List<List<IEvent>>? _closed;

    /// <summary>Passes each event on as it comes. Those behind one that is held back wait with it.</summary>
    public EventQueue(PersonalData personalData, Action<IEvent> visit) => (_personalData, _visit) = (personalData, visit);

    /// <summary>Collects in a list, in which an event that is held back has its place, as <see cref="SealedEvent"/>.</summary>
    /// <param name="personalData">
    /// Decrypts; if <see langword="null"/>, nothing is decoded and all events come as <see cref="SealedEvent"/>.
    /// </param>
    /// <param name="list">Takes the events.</param>
    /// <param name="keepsUnreadable">Whether events that cannot be read have their places too, as <see cref="UnreadableEvent"/>.</param>
    public EventQueue(PersonalData? personalData, List<IEvent> list, bool keepsUnreadable = false) =>
        (_personalData, _list, KeepsUnreadable) = (personalData, list, keepsUnreadable);

    /// <summary>Collects in one list after the other, given by <see cref="Into"/>.</summary>
    public EventQueue(PersonalData personalData) => _personalData = personalData;

    /// <summary>Whether events that cannot be read are taken too.</summary>
    public bool KeepsUnreadable { get; }

    /// <summary>Collects in another list from now on.</summary>
    public void Into(List<IEvent> list) => _list = list;

    /// <summary>Takes an event.</summary>
    /// <exception cref="EventSerializationException">Its JSON does not fit its type, or an upcaster failed.</exception>
    public void Add(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json)
    {
        if (_personalData is null)
        {
            _list!.Add(new SealedEvent(type, metadata, json.ToArray(), []).AsEvent());
        }
        else if (type.HoldsPersonalData && SealedMark.MayBeIn(json))
        {
            var @event = _personalData.Read(type, metadata, json);
            if (SealedEvent.Of(@event) is null)
                Take(@event);
            else
                Hold(@event);
        }
        else
        {
            Take(EventJson.Read(type, metadata, json));
        }
    }

    /// <summary>Takes an event that cannot be read, for one that keeps these.</summary>
    public void AddUnreadable(in EventMetadata metadata, EventException failure) =>
        _list!.Add(new UnreadableEvent(metadata, ExceptionDispatchInfo.Capture(failure)));

    /// <summary>Passes on what is held back, or opens it in its place.</summary>
    /// <exception cref="EventSerializationException">The JSON of an event does not fit its type, or a key is lost.</exception>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_closed is null)
            return;

        await _personalData!.OpenAsync(_closed, cancellationToken).ConfigureAwait(false);
        if (_visit is not null)
            _list!.ForEach(_visit);
    }

    /// <summary>
    /// As <see cref="ReleaseAsync"/>, up to the first event that cannot be opened: that one and those after it are taken out of the list,
    /// unless such events are kept.
    /// </summary>
    /// <returns>Why it cannot be opened; <see langword="null"/> if all were opened.</returns>
    public ValueTask<ExceptionDispatchInfo?> ReleaseReadableAsync(CancellationToken cancellationToken) =>
        _closed is null
            ? default
            : KeepsUnreadable
                ? _personalData!.OpenInPlaceAsync(_list!, cancellationToken)
                : _personalData!.OpenReadableAsync(_list!, cancellationToken);

    private void Take(IEvent @event)
    {
        if (_list is null)
            _visit!(@event);
        else
            _list.Add(@event);
    }

    private void Hold(IEvent @event)
    {
        _list ??= [];
        _list.Add(@event);
        if (_closed is null || _closed[^1] != _list)
            (_closed ??= []).Add(_list);
    }
}
