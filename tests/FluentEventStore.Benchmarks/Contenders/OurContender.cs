namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>FluentEventStore as it is out of the box.</summary>
internal sealed partial class OurContender(string connectionString) : IContender
{
    private const string Schema = "ours";

    private readonly EventStore _store = EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = Schema;
    });

    public string Name => Names.Ours;

    public string Settings => "ours: FluentEventStore, default settings, all checks on";

    public async Task StartAsync() => await _store.Schema.ApplyAsync();

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();

        await _store.DisposeAsync();
    }
}
