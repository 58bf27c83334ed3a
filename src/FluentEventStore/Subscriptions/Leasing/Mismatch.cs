namespace FluentEventStore.Subscriptions;

/// <summary>What differs between a subscription as it is stored and as a process declares it.</summary>
/// <param name="Problem">Why the process must not carry it, as a sentence.</param>
/// <param name="Stored">What is stored, in words.</param>
/// <param name="Declared">What is declared.</param>
internal sealed record Mismatch(string Problem, string Stored, string Declared);
