namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// One side of the comparison. What it can do is told by the rooms it implements (<see cref="Rooms"/>); a row leaves out a contender that
/// lacks its room.
/// </summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What is to be known about how it was set up; printed above the table.</summary>
    string Settings { get; }

    /// <summary>Creates its schema, in a namespace of its own, before anything is measured.</summary>
    Task StartAsync();
}
