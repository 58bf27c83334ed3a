using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.PostgresTests.Postgres;

public sealed class ColumnReaderTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5_000)]
    public async Task Numbers_are_read_as_the_driver_reads_them(int count)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sent = new long[count];
        for (var index = 0; index < count; index++)
            sent[index] = index switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64(long.MinValue, long.MaxValue) };

        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = dataSource.CreateCommand("select $1, $2");
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = sent, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [7], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        (await rows.ReadAsync(Cancellation)).ShouldBeTrue();
        using var columns = new ColumnReader(rows);

        columns.ReadNumbers(0).ShouldBe(sent);
        columns.ReadNumbers(1).ShouldBe([7]);
        columns.ReadNumbers(0).ShouldBe(rows.GetFieldValue<long[]>(0));
    }
}
