namespace FluentEventStore.Documents;

/// <summary>The state that a document must be in before a unit of work changes it.</summary>
/// <param name="Version">How often it must have been written.</param>
/// <param name="Life">When it must have begun, in microseconds since 1970; <see langword="null"/> if that does not matter.</param>
internal sealed record DocumentExpectation(long Version, long? Life)
{
    // No document began then.
    private const long Never = long.MinValue;

    /// <exception cref="ArgumentOutOfRangeException">No document has the version.</exception>
    public static DocumentExpectation Of(long expectedVersion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, 1);
        return new DocumentExpectation(expectedVersion, Life: null);
    }

    /// <exception cref="ArgumentOutOfRangeException">No document has the version.</exception>
    public static DocumentExpectation Of(StoredVersion expected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expected.Version, 1, nameof(expected));
        return new DocumentExpectation(expected.Version, expected.Rewrites == 0 ? expected.Life : Never);
    }
}
