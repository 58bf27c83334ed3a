namespace FluentEventStore;

/// <summary>What a masking did, so far or at its end.</summary>
/// <param name="Read">How many events were read, with a rule for them or without.</param>
/// <param name="Masked">How many events were rewritten, because their JSON changed.</param>
public readonly record struct MaskReport(long Read, long Masked);
