using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// A process was to write for a range of a subscription that is not its own any more: another one took the range over, or it was changed as
/// a whole. Nothing was written.
/// </summary>
public sealed class FencedException : FluentEventStoreException
{
    /// <param name="range">The subscription, its version, and the range of slices.</param>
    /// <param name="epoch">The epoch that the process had.</param>
    /// <param name="actualEpoch">The epoch that the range has; <see langword="null"/> if there is no such range any more.</param>
    public FencedException(string range, long epoch, long? actualEpoch)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{range} was carried with epoch {epoch}, and {StateOf(epoch, actualEpoch)}."))
    {
        (Range, Epoch, ActualEpoch) = (range, epoch, actualEpoch);
    }

    /// <summary>The subscription, its version, and the range of slices.</summary>
    public string Range { get; }

    /// <summary>The epoch that the process had.</summary>
    public long Epoch { get; }

    /// <summary>
    /// The epoch that the range has, as it was seen last; <see langword="null"/> if there is no such range any more. It is
    /// <see cref="Epoch"/> if this process has given the range up.
    /// </summary>
    public long? ActualEpoch { get; }

    private static string StateOf(long epoch, long? actualEpoch) => actualEpoch switch
    {
        null => "is gone now",
        { } actual when actual == epoch => "was given up since",
        { } actual => string.Create(CultureInfo.InvariantCulture, $"has epoch {actual} now"),
    };
}
