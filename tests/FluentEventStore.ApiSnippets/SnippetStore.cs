using FluentEventStore.ApiSnippets;
using FluentEventStore.ApiSnippets.Bank;

[assembly: AssemblyFixture(typeof(SnippetStore))]

namespace FluentEventStore.ApiSnippets;

/// <summary>A server for the assembly, and a store of the bank in it, as the page on the public surface configures it.</summary>
public sealed class SnippetStore : IAsyncLifetime
{
    private LocalPostgres? _postgres;
    private EventStore? _store;

    public string ConnectionString => _postgres?.ConnectionString ?? throw new InvalidOperationException("The server is not started.");

    public EventStore Store => _store ?? throw new InvalidOperationException("The store is not set up.");

    /// <summary>A schema that nobody else uses.</summary>
    public static string NewSchema() => $"s_{Guid.NewGuid():N}"[..18];

    public async ValueTask InitializeAsync()
    {
        _postgres = await StartOrExitAsync();
        _store = EventStore.For(options =>
        {
            options.Connection(ConnectionString);
            options.Schema = NewSchema();
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        });
        await _store.Schema.ApplyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private static async Task<LocalPostgres> StartOrExitAsync()
    {
        try
        {
            return await LocalPostgres.StartAsync();
        }
        catch (LocalPostgresException failure)
        {
            // Otherwise each of the tests would fail with it.
            await Console.Error.WriteLineAsync($"These tests need a PostgreSQL, so none of them ran. {failure.Message}");
            Environment.Exit(2);
            throw;
        }
    }
}
