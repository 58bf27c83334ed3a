namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Reads a stream into a list.</summary>
internal interface IReading
{
    /// <returns>How many events were read.</returns>
    Task<int> ReadStreamAsync(Guid stream);
}
