namespace FluentEventStore.Proofs.Projections;

/// <summary>A process that keeps views until its input ends.</summary>
internal static class ViewProgram
{
    /// <summary>The argument that asks for it.</summary>
    public const string Word = "views";

    public static async Task<int> RunAsync(string connectionString, string schema)
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            options.Projections.Add<SumProjection>(ProjectionLifecycle.Async);
        });
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync();
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
