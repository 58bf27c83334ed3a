using System.Text.Json;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;
using Weasel.Core;

namespace FluentEventStore.PostgresTests.Schema;

/// <summary>A store's schema of its own, and plain SQL against it. <c>{s}</c> stands for the schema.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    public StoreFixture(PostgresServer server, string? name = null, Func<SqlIdentifier, IReadOnlyList<ISchemaObject>>? objects = null, string settings = "")
    {
        Name = new SqlIdentifier(name ?? server.CreateSchemaName());
        DataSource = NpgsqlDataSource.Create($"{server.ConnectionString};{settings}");
        Schema = new StoreSchema(DataSource, Name, () => (objects ?? Everything)(Name));
    }

    public static DocumentType[] Documents { get; } =
    [
        new DocumentType<object, Guid, NoShape<Guid>>("customer"),
        new DocumentType<object, long, NoShape<long>>("order-line"),
        new DocumentType<object, string, NoShape<string>>("country"),
        new DocumentType<object, int, NoShape<int>>("year"),
    ];

    public SqlIdentifier Name { get; }

    public NpgsqlDataSource DataSource { get; }

    public StoreSchema Schema { get; }

    public static IReadOnlyList<ISchemaObject> Everything(SqlIdentifier schema) =>
    [
        .. EventsSchema.Objects(schema),
        .. DocumentsSchema.Objects(schema, Documents),
        Twice(schema),
    ];

    public static FunctionSchema Twice(SqlIdentifier schema, string arguments = "p_value bigint", string returns = "bigint", string body = "begin return 2 * p_value; end")
        => new(schema, new SqlIdentifier("twice")) { Arguments = arguments, Returns = returns, Body = body };

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql.Replace("{s}", Name.ToString(), StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql.Replace("{s}", Name.ToString(), StringComparison.Ordinal));
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private readonly struct NoShape<TId> : IDocumentShape<object, TId>
    {
        public static TId GetId(object document) => throw new NotSupportedException();

        public static void SetId(object document, TId id) => throw new NotSupportedException();

        public static void Write(Utf8JsonWriter writer, object value) => throw new NotSupportedException();

        public static object Read(ref Utf8JsonReader reader) => throw new NotSupportedException();
    }
}
