namespace FluentEventStore.Outbox;

/// <summary>A message that was not sent.</summary>
/// <param name="Message">Its id.</param>
/// <param name="Attempts">How many attempts have failed by now.</param>
/// <param name="Pause">When it is tried again.</param>
/// <param name="Error">Why, in words.</param>
internal sealed record SendFailure(Guid Message, int Attempts, RetryPause Pause, string Error);
