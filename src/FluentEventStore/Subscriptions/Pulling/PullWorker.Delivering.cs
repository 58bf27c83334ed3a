namespace FluentEventStore.Subscriptions;

// What consumers take and answer.
internal sealed partial class PullWorker
{
    /// <summary>Hands out the next event.</summary>
    /// <returns><see langword="null"/> if none may go out now.</returns>
    public PullEntry? TryTake(TimeSpan now)
    {
        if (IsEnding || _end is not null || _fault is not null)
            return null;

        GetDue(now);
        if (_ready.TryPeek(out var first, out _) && first.IsUntaken && now >= first.FreshTo)
            ReadAgain();

        if (!_ready.TryPeek(out var entry, out var position) || (entry.Lane is null && position > _stopAt))
            return null;

        _ready.Dequeue();
        entry.State = PullEntryState.Out;
        entry.Attempts++;
        Out++;
        return entry;
    }

    /// <summary>Takes the answer to a delivery.</summary>
    /// <returns>Whether it counts: whether the event is still out here.</returns>
    public bool Answer(PullEntry entry, DeliveryAnswer answer, TimeSpan now)
    {
        if (entry.State != PullEntryState.Out)
            return false;

        Out--;
        _answers++;
        _answeredAt ??= now;
        var isFull = IsFull(entry.Key);
        switch (answer.Kind)
        {
            case DeliveryAnswerKind.Retry when rules.IsTransient || isFull || answer.After <= rules.LongestHold:
                Hold(entry, now + answer.After);
                break;
            case DeliveryAnswerKind.Retry:
                Park(entry, GaveUp($"It is to be delivered again after {answer.After}."), answer.After);
                break;
            case DeliveryAnswerKind.Park when isFull && !rules.IsTransient:
                Hold(entry, TimeSpan.MaxValue);
                _fault ??= (entry.Item, TooMany(answer.Reason!), entry.Attempts);
                break;
            case DeliveryAnswerKind.Park when !rules.IsTransient:
                Park(entry, GaveUp(answer.Reason!), due: null);
                break;
            case DeliveryAnswerKind.Skip when entry.Lane is { } lane:
                lane.Drop(answer.Reason!);
                entry.State = PullEntryState.Done;
                break;
            case DeliveryAnswerKind.Skip when !rules.IsTransient:
                _givenUp.Add(new PullGivenUp(entry.Item, FailedEvent.Skip, GaveUp(answer.Reason!), entry.Attempts));
                Finish(entry);
                break;
            default:
                entry.IsHandled = answer.Kind == DeliveryAnswerKind.Ack;
                Finish(entry);
                break;
        }

        return true;
    }
}
