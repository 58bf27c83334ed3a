using System.Text.Json;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Serialization;
using Npgsql;
using Weasel.Core;

namespace FluentEventStore.PostgresTests.Schema;

/// <summary>
/// A store's schema of its own, and plain SQL against it. <c>{s}</c> stands for the schema, <c>{n}</c> for its name in a literal.
/// </summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly PostgresServer _server;

    public StoreFixture(
        PostgresServer server, string? name = null, Func<SqlIdentifier, IReadOnlyList<ISchemaObject>>? objects = null, string settings = "")
    {
        _server = server;
        Name = new SqlIdentifier(name ?? server.CreateSchemaName());
        DataSource = NpgsqlDataSource.Create($"{server.ConnectionString};{settings}");
        Schema = new StoreSchema(DataSource, Name, () => (objects ?? Everything)(Name)) { Patience = Eventually.HangGuard };
    }

    public static DocumentType[] Documents { get; } =
    [
        Document<Guid>("customer"),
        Document<long>("order-line"),
        Document<string>("country"),
        Document<int>("year"),
    ];

    public SqlIdentifier Name { get; }

    public NpgsqlDataSource DataSource { get; }

    public StoreSchema Schema { get; }

    public static IReadOnlyList<ISchemaObject> Everything(SqlIdentifier schema) =>
    [
        .. EventsSchema.Objects(schema),
        .. FluentEventStore.Projections.ProjectionsSchema.Objects(schema),
        .. DocumentsSchema.Objects(
            schema,
            [Documents[0], Documents[1], .. Documents[3..]],
            [new DerivedType(Documents[2], "country", Version: 1, IsOfStreams: true)]),
        Twice(schema),
    ];

    public static FunctionSchema Twice(
        SqlIdentifier schema, string arguments = "p_value bigint", string returns = "bigint", string body = "begin return 2 * p_value; end")
        => new(schema, new SqlIdentifier("twice")) { Arguments = arguments, Returns = returns, Body = body };

    public static DocumentType Document<TId>(string name)
        where TId : notnull
        => new DocumentType<object, TId, NoShape<TId>>(name);

    /// <summary>Makes the next apply a full check.</summary>
    public Task ForgetStampAsync() => ExecuteAsync("update {s}.store set fingerprint = null");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(Named(sql));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(Named(sql));
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _server.DropSchemaAsync(Name.Name);
    }

    private string Named(string sql) =>
        sql.Replace("{s}", Name.ToString(), StringComparison.Ordinal).Replace("{n}", Name.Name, StringComparison.Ordinal);

    private readonly struct NoShape<TId> : IDocumentShape<object, TId>
        where TId : notnull
    {
        public static TId GetId(object document) => throw new NotSupportedException();

        public static void SetId(object document, TId id) => throw new NotSupportedException();

        public static void Write(JsonWriter writer, object value) => throw new NotSupportedException();

        public static object Read(ref Utf8JsonReader reader) => throw new NotSupportedException();
    }
}
