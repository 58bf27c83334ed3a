using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// What a writer expects of a stream before it appends. If the expectation does not hold, nothing of the unit of work is written.
/// </summary>
/// <remarks><see langword="default"/> is <see cref="Any"/>.</remarks>
public readonly record struct ExpectedVersion
{
    private const long AnyCode = -2;
    private const long StreamExistsCode = -1;

    // Shifted, so that default is Any.
    private readonly long _shifted;

    private ExpectedVersion(long code) => _shifted = code - AnyCode;

    /// <summary>Nothing is expected: the append never conflicts.</summary>
    public static ExpectedVersion Any => default;

    /// <summary>The stream has no events.</summary>
    public static ExpectedVersion NoStream => new(0);

    /// <summary>The stream has at least one event.</summary>
    public static ExpectedVersion StreamExists => new(StreamExistsCode);

    /// <summary>The stream is at exactly this version: it has this many events.</summary>
    /// <param name="version">0 or more; 0 is <see cref="NoStream"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The version is negative.</exception>
    public static ExpectedVersion Exactly(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new ExpectedVersion(version);
    }

    /// <summary>
    /// The version that <see cref="Exactly"/> or <see cref="NoStream"/> (0) names; <see langword="null"/> for the other two.
    /// </summary>
    public long? Version => Code >= 0 ? Code : null;

    /// <summary>As the append function in the database takes it: -2 any, -1 the stream exists, otherwise the version.</summary>
    internal long Code => _shifted + AnyCode;

    /// <summary>Whether a stream that is at the version is as expected.</summary>
    internal bool Admits(long version) => Code switch
    {
        AnyCode => true,
        StreamExistsCode => version > 0,
        _ => version == Code,
    };

    /// <inheritdoc/>
    public override string ToString() => Code switch
    {
        AnyCode => "any version",
        StreamExistsCode => "an existing stream",
        0 => "no stream",
        _ => "version " + Code.ToString(CultureInfo.InvariantCulture),
    };
}
