namespace FluentEventStore.Subscriptions;

/// <summary>What a consumer says of a delivery.</summary>
/// <param name="Kind">What is to become of the event.</param>
/// <param name="After">After how long it comes again.</param>
/// <param name="Reason">Why it is given up.</param>
internal readonly record struct PullAnswer(PullAnswerKind Kind, TimeSpan After = default, string? Reason = null);
