namespace FluentEventStore.AspNetCore;

/// <summary>What a result found, as it is sent.</summary>
/// <param name="Body">JSON in UTF-8.</param>
/// <param name="Tag">The entity tag, with its quotation marks.</param>
/// <param name="Version">The version that a client learns if it expected another; 0 if the answer shows no single state.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Body, string Tag, long Version);
