namespace FluentEventStore.Events;

/// <summary>
/// Hands events on as they are read. From the first on that keys have to be fetched for it holds them, in their order, until the connection that they are read on
/// is given back: a pool of one connection has no other to fetch keys on.
/// </summary>
internal sealed class EventQueue(PersonalData personalData, Action<IEvent> visit)
{
    private List<IEvent>? _held;

    public void Add(IEvent @event)
    {
        if (_held is null && SealedEvent.Of(@event) is null)
            visit(@event);
        else
            (_held ??= []).Add(@event);
    }

    /// <summary>Hands on what is held.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_held is not { } held)
            return;

        await personalData.OpenAsync([held], cancellationToken).ConfigureAwait(false);
        held.ForEach(visit);
    }
}
