namespace FluentEventStore.Subscriptions;

/// <summary>What a worker carries a range with: both must still be so when it writes.</summary>
/// <param name="Epoch">The epoch of the range.</param>
/// <param name="Server">When the server was started that the range was claimed on.</param>
internal readonly record struct Tenure(long Epoch, DateTimeOffset Server);
