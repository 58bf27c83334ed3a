namespace FluentEventStore;

/// <summary>A stream whose natural key another stream has.</summary>
/// <param name="TenantId">The tenant of both.</param>
/// <param name="StreamId">The stream without a key.</param>
/// <param name="Key">The key that its events say.</param>
/// <param name="HeldBy">The stream that has it.</param>
public sealed record NaturalKeyConflict(TenantId TenantId, StreamId StreamId, string Key, StreamId HeldBy);
