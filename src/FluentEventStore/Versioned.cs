namespace FluentEventStore;

/// <summary>What was read, and which state of its stream or document it is.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">What was read.</param>
/// <param name="Version">Its stored version, read by the same statement.</param>
public sealed record Versioned<T>(T Value, StoredVersion Version);
