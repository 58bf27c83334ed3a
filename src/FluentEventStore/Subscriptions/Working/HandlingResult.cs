namespace FluentEventStore.Subscriptions;

/// <summary>What became of a call, or of several, of the handler.</summary>
/// <param name="Handled">How many events were handled.</param>
/// <param name="Failure">Why the next one was not; <see langword="null"/> if none failed.</param>
/// <param name="IsUndone">Whether what was done for those before the failure is undone.</param>
/// <param name="IsAbandoned">Whether the call that failed may still go on.</param>
internal readonly record struct HandlingResult(int Handled, WorkFailure? Failure = null, bool IsUndone = false, bool IsAbandoned = false);
