using System.Globalization;

namespace FluentEventStore;

/// <summary>What a store holds for all tenants.</summary>
/// <param name="EventCount">How many events there are, those of archived and deleted streams included.</param>
/// <param name="StreamCount">How many streams have had events.</param>
/// <param name="LastPosition">The highest position of an event that is committed; 0 if there is none.</param>
/// <param name="SizeInBytes">What streams and events take on disk, with their indexes.</param>
/// <param name="EventCountByType">How many events there are of each stored type name.</param>
public sealed record LogStatistics(
    long EventCount, long StreamCount, long LastPosition, long SizeInBytes, IReadOnlyDictionary<string, long> EventCountByType)
{
    /// <summary>All of it in one line, for a log.</summary>
    public override string ToString()
    {
        var types = string.Join(
            ", ", EventCountByType.Select(static type => string.Create(CultureInfo.InvariantCulture, $"{type.Key}: {type.Value}")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{EventCount} events of {StreamCount} streams up to position {LastPosition}, {SizeInBytes} "
                + $"bytes ({types})");
    }
}
