namespace FluentEventStore.Subscriptions;

/// <summary>Why a worker could not do something.</summary>
/// <param name="Kind">Which kind of failure.</param>
/// <param name="Exception">What was thrown; <see langword="null"/> if nothing was.</param>
/// <param name="Message">In words.</param>
internal sealed record WorkFailure(FailureKind Kind, Exception? Exception, string Message)
{
    public WorkFailure(FailureKind kind, Exception exception)
        : this(kind, exception, MessageOf(exception))
    {
    }

    /// <summary>What measurements count it by.</summary>
    public string ErrorType => Telemetry.ErrorType.Of(Exception ?? new TimeoutException());

    /// <summary>Whether it passes by itself, so that it is no failure of the event.</summary>
    public bool IsOutage => Kind == FailureKind.Outage;

    /// <summary>Whether another call in this process may succeed.</summary>
    public bool MayPass => Kind is FailureKind.HandlerFailed or FailureKind.HandlerTimedOut or FailureKind.WorkRefused;

    // An exception of the application may say nothing, or fail while it does.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? exception.GetType().Name;
        }
        catch (Exception)
        {
            return exception.GetType().Name;
        }
    }
}
