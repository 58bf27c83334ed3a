namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// One side of the comparison. The rooms that it implements (<see cref="Rooms"/>) say what it can do; a row leaves out a contender that
/// lacks its room.
/// </summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>How it is set up; printed above the table.</summary>
    string Settings { get; }

    /// <summary>Creates its schema, in a namespace of its own, before anything is measured.</summary>
    Task StartAsync();
}
