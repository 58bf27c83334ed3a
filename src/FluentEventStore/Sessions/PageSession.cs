using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

/// <summary>
/// What the handler of a subscription writes with. Its changes are saved with the page of events that it belongs to, and with the
/// checkpoint.
/// </summary>
internal sealed class PageSession(StoreContext context, TenantId tenantId) : DocumentSession(context, tenantId)
{
    private int _before;
    private bool _wasTouched;

    /// <summary>Whether there is anything to save.</summary>
    public bool IsTouched => !Unit.IsEmpty;

    /// <summary>
    /// Begins what is written for an event, or for several together. Unless the handler says otherwise, it carries the correlation of the
    /// event, and its id as the causation; for several, what they have in common of that.
    /// </summary>
    public void Begin(IReadOnlyList<IEvent> events)
    {
        (_before, _wasTouched) = (Unit.Appends.Events.Count, IsTouched);
        var correlationId = events[0].CorrelationId;
        Unit.CorrelationId = events.All(@event => @event.CorrelationId == correlationId) ? correlationId : null;
        Unit.CausationId = events is [var one] ? one.Id.ToString() : null;
        Unit.UserName = null;
    }

    /// <summary>Ends it: what the handler says of later events does not concern these.</summary>
    public void End() => Unit.Stamp(_before);

    /// <summary>What a projection reads with.</summary>
    public StoreReading Source => Reading;

    /// <summary>Writes documents that a projection derives from the events.</summary>
    public void Derive(Func<JsonWriter, IReadOnlyList<DocumentChange>> describe) => Unit.Derive(describe);

    /// <summary>Writes all of it, on a condition.</summary>
    /// <returns>
    /// Whether that was written; <see langword="false"/> if its events are in the store already, by an attempt of somebody else that did
    /// not know the condition.
    /// </returns>
    public async Task<bool> SaveAsync(IUnitCondition condition, CancellationToken cancellationToken)
    {
        Unit.Condition = condition;
        await Unit.SaveAsync(isWatched: true, cancellationToken).ConfigureAwait(false);
        return !Unit.WasSavedBefore;
    }

    /// <exception cref="InvalidOperationException">Always: the subscription saves the session.</exception>
    public override Task<Commit> SaveChangesAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException(
        "The subscription saves this session, in one transaction with its checkpoint, when the handler has returned. To save something "
            + "apart from that, open a session of the store.");

    /// <exception cref="InvalidOperationException">There are changes for earlier events, which are not this handler's to undo.</exception>
    public override void EjectAllPendingChanges()
    {
        if (_wasTouched)
            throw new InvalidOperationException(
                "The session holds changes for earlier events of the page, which would be lost. Throw to undo what is done for an event.");

        base.EjectAllPendingChanges();
    }
}
