namespace FluentEventStore;

/// <summary>What a consumer says of a delivery.</summary>
/// <param name="Kind">What is to become of the event.</param>
/// <param name="After">After how long it is delivered again.</param>
/// <param name="Reason">Why it is given up; <see langword="null"/> if it is not.</param>
public readonly record struct DeliveryAnswer(DeliveryAnswerKind Kind, TimeSpan After, string? Reason);
