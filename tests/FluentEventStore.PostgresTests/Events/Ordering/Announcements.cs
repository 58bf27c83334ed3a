using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Hears what the stores of some schemas tell other processes.</summary>
internal sealed class Announcements : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private Announcements(NpgsqlConnection connection) => _connection = connection;

    public List<(string Channel, string Payload)> Heard { get; } = [];

    public static async Task<Announcements> ListenAsync(string connectionString, params string[] schemas)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 60 }.ConnectionString);
        var announcements = new Announcements(connection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        connection.Notification += (_, told) => announcements.Heard.Add((told.Channel, told.Payload));
        foreach (var schema in schemas)
        {
            await using var listen = new NpgsqlCommand($"listen fes_{schema}", connection);
            await listen.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return announcements;
    }

    public async Task NextAsync() =>
        (await _connection.WaitAsync(Eventually.HangGuard, TestContext.Current.CancellationToken)).ShouldBeTrue();

    /// <summary>Hears all that was told until now.</summary>
    public async Task CatchUpAsync()
    {
        await using var nothing = new NpgsqlCommand("select 1", _connection);
        await nothing.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
