namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Folds the events of a stream into its aggregate.</summary>
internal interface IFolding
{
    /// <returns>How many events were folded, as the aggregate counted them.</returns>
    Task<int> AggregateAsync(Guid stream);
}
