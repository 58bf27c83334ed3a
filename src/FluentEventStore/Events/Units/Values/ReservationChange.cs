namespace FluentEventStore.Events;

/// <summary>What a unit does with a value that only one stream of the tenant may hold.</summary>
/// <param name="Name">What the value is unique for.</param>
/// <param name="Value">The value; <see langword="null"/> for none.</param>
/// <param name="Owner">The stream that holds it, or is to.</param>
/// <param name="AggregateType">The aggregate that the unit starts the stream for; <see langword="null"/> if none.</param>
/// <param name="Verb">What is done.</param>
internal readonly record struct ReservationChange(
    string Name, string? Value, StreamId Owner, string? AggregateType, ReservationVerb Verb);
