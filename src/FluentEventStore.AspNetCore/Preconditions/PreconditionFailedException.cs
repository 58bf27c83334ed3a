namespace FluentEventStore.AspNetCore;

/// <summary>What a client expected of the thing that it changes does not hold.</summary>
/// <remarks>Nothing was written. It is answered with 412.</remarks>
public sealed class PreconditionFailedException(string expected, long actual)
    : Exception($"{expected} was expected; it is at version {actual}.")
{
    /// <summary>What the client expected: the header and its value.</summary>
    public string Expected { get; } = expected;

    /// <summary>The version that the thing is at; 0 if there is none.</summary>
    public long Actual { get; } = actual;
}
