namespace FluentEventStore.Events;

/// <summary>How much of a stream is kept; <see langword="null"/> means all.</summary>
internal sealed record RetentionRule(long? KeepLast, TimeSpan? MaxAge);
