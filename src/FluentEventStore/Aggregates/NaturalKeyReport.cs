namespace FluentEventStore;

/// <summary>What filling in natural keys did.</summary>
/// <param name="Streams">How many streams had no key and were read: those of the aggregate and those of none, but deleted ones.</param>
/// <param name="Filled">How many of them got a key.</param>
/// <param name="Conflicts">Those that did not get the key that their events say, because another stream has it.</param>
public sealed record NaturalKeyReport(long Streams, long Filled, IReadOnlyList<NaturalKeyConflict> Conflicts);
