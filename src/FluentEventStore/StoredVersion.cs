namespace FluentEventStore;

/// <summary>
/// Which state of a stream or a document something is. Whatever happens to one that has a tenant and an id, two of its states never have
/// the same stored version, even if it is erased and begins anew.
/// </summary>
/// <remarks>
/// What a stream shows of other streams through links can change without it, and so can personal data, whose subject may be forgotten. A
/// restored database can come to a stored version a second time.
/// </remarks>
/// <param name="Version">
/// The version of a stream, or how often a document was written since it is there. The first is 1; 0 is nothing.
/// </param>
/// <param name="Life">
/// Tells a stream or document from others that had its id before or after it: the number of a stream; the time at which a document began,
/// in microseconds since 1970. A document that is deleted and begins anew within the same microsecond cannot be told from the former one.
/// </param>
/// <param name="Rewrites">How often the past of a stream was changed: truncated, compacted or masked. 0 for documents.</param>
public readonly record struct StoredVersion(long Version, long Life, int Rewrites);
