using FluentEventStore.Benchmarks.BareApp;
using Npgsql;

// What the benchmark calls over HTTP, and starts: FluentEventStore.Benchmarks.App without a library, and without its checks.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PaymentJson.Default));
builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
{
    ConnectionString = builder.Configuration.GetConnectionString("Store"),
    SearchPath = builder.Configuration["Schema"],
    MaxAutoPrepare = 100,
    AutoPrepareMinUsages = 2,
    NoResetOnClose = true,
}));

var app = builder.Build();
app.MapPost(
    "/accounts/{id}/payments",
    static async (Guid id, Payment payment, NpgsqlDataSource database, CancellationToken cancellationToken) =>
    {
        await EventTable.AppendAsync(database, id, payment, cancellationToken);
        return TypedResults.NoContent();
    });
await app.RunAsync();
