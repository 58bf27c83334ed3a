using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

// What consumers call, on threads of their own.
internal sealed partial class PullRun
{
    /// <summary>Hands out an event.</summary>
    /// <returns><see langword="null"/> if none may go out now.</returns>
    public Delivery? TryTake()
    {
        PullEntry? taken;
        bool isReplay;
        long epoch;
        lock (_gate)
        {
            taken = _isOver ? null : _worker.TryTake(Now);
            (isReplay, epoch) = (taken?.Position <= _replayedTo, _worker.Epoch);
            if (taken is null && _worker.ReadsAgain)
                _changed.Set();
        }

        if (taken is not { } entry)
            return null;

        var @event = entry.Item.Event;
        var span = _telemetry.StartDelivery(entry.Attempts, @event.TypeName, (@event.CorrelationId, @event.CausationId));
        return new Delivery(@event, answer => Answer(entry, span, answer))
        {
            Attempt = entry.Attempts,
            IsReplay = isReplay,
            FencingToken = epoch,
        };
    }

    private void Answer(PullEntry entry, DeliverySpan? span, DeliveryAnswer answer)
    {
        _consumers.ThrowIfDisposed();
        if (!Ask(worker => !_isOver && worker.Answer(entry, answer, Now)))
        {
            span?.End(typeof(FencedException).FullName);
            throw new FencedException(Range.ToString(), Epoch, _checkpoint.ActualEpoch);
        }

        _changed.Set();
        _consumers.MadeRoom();
        span?.End(answer.Kind == DeliveryAnswerKind.Ack ? null : answer.Kind.ToString());
    }
}
