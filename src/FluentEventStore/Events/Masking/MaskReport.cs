namespace FluentEventStore;

/// <summary>What a masking did, so far or at its end.</summary>
/// <param name="Read">How many events were read, whether a rule is for them or not.</param>
/// <param name="Masked">How many events were written anew, because their JSON changed.</param>
public readonly record struct MaskReport(long Read, long Masked);
