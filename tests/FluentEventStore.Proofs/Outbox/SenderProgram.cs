using FluentEventStore.PostgresTests.Outbox;
using Npgsql;

namespace FluentEventStore.Proofs.Outbox;

/// <summary>A process that sends messages until its input ends. Its sink is a table, which keeps what it got and in which order.</summary>
internal static class SenderProgram
{
    /// <summary>The argument that asks for it.</summary>
    public const string Word = "sender";

    public static async Task<int> RunAsync(string connectionString, string schema)
    {
        await using var effects = NpgsqlDataSource.Create(connectionString);
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            options.Messages.Lease = TimeSpan.FromSeconds(1);
            options.Messages.SendTo(new TableSink(effects, schema));
        });
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync();
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private sealed class TableSink(NpgsqlDataSource effects, string schema) : IMessageSink
    {
        public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
        {
            // Some fail, as sinks do.
            var data = (Numbered)message.Data;
            if (data.Number % 50 == 7 && message.Attempt == 1)
                throw new InvalidOperationException("not at first");

            await using var command = effects.CreateCommand(
                $"insert into {schema}.effects (key, number, fence) values ($1, $2, $3)");
            command.Parameters.Add(new() { Value = message.Key });
            command.Parameters.Add(new() { Value = data.Number });
            command.Parameters.Add(new() { Value = message.Fence });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
