using System.Text;
using FluentEventStore.Serialization;
using NpgsqlTypes;

namespace FluentEventStore.PostgresTests.Serialization;

/// <summary>JSON that is not stored yet is read as it will be.</summary>
public sealed class StoredJsonTests(PostgresServer server)
{
    private static readonly string[] Numbers = [
        "0",
        "-0",
        "-0.0",
        "0.00",
        "1",
        "-1.50",
        "1e2",
        "1E+2",
        "1.5e1",
        "1.50e1",
        "12.5e-3",
        "-1e-7",
        "0e5",
        "0.0e-3",
        "1.7976931348623157E+308",
        "5E-324",
        "123456789012345678901234567890.10"
    ];

    private static readonly string[] Texts = [
        "",
        "a",
        "bb",
        "zeta",
        "é",
        "日本",
        "😀",
        "\"",
        "\\",
        "\n\t\r\b\f",
        "\u0001\u007f\u0080",
        "/",
        "<&>",
        "$enc"
    ];

    [Fact]
    public async Task Stored_json_is_what_the_database_gives_back()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var written = Enumerable.Range(0, 2_000).Select(_ => Write(random, depth: 0)).Concat(Numbers).ToArray();
        await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "select array_agg(j::jsonb::text order by ordinal) from unnest($1) with ordinality as u (j, ordinal)", connection);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = written, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var stored = (string[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        for (var index = 0; index < written.Length; index++)
            Encoding.UTF8.GetString(StoredJson.Of(Encoding.UTF8.GetBytes(written[index])).Span)
                .ShouldBe(stored[index], $"of {written[index]}");
    }

    private static string Write(Random random, int depth) => random.Next(depth > 4 ? 3 : 6) switch
    {
        0 => Numbers[random.Next(Numbers.Length)],
        1 => Quote(random),
        2 => new[] { "true", "false", "null" }[random.Next(3)],
        3 => $"[{string.Join(" ,", Enumerable.Range(0, random.Next(4)).Select(_ => Write(random, depth + 1)))}]",
        _ => $"{{{string.Join(",\n", Enumerable.Range(0, random.Next(6)).Select(_ => $"{Quote(random)} :{Write(random, depth + 1)}"))}}}",
    };

    private static string Quote(Random random) =>
        System.Text.Json.JsonSerializer.Serialize(
            string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Texts[random.Next(Texts.Length)])));
}
