using FluentEventStore.Benchmarks.MartenApp;
using JasperFx;
using Marten;
using Marten.Services;

// What the benchmark calls over HTTP, and starts. FluentEventStore.Benchmarks.App is the same with FluentEventStore.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PaymentJson.Default));
builder.Services.AddMarten(options =>
    {
        options.Connection(builder.Configuration.GetConnectionString("Store")!);
        options.DatabaseSchemaName = builder.Configuration["Schema"]!;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        var serializer = new SystemTextJsonSerializer();
        serializer.UseTypeInfoResolver(PaymentJson.Default);
        options.Serializer(serializer);
        options.DisableNpgsqlLogging = true;
        options.Events.AddEventType<Payment>();

        // It has no aggregates, so that no assembly need be searched for them when it starts.
        options.Projections.DiscoverGeneratedEvolversOnStartup = false;
    })
    .UseLightweightSessions();

var app = builder.Build();
app.MapPost(
    "/accounts/{id}/payments",
    static async (Guid id, Payment payment, IDocumentSession session, CancellationToken cancellationToken) =>
    {
        session.Events.Append(id, payment);
        await session.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    });
await app.RunAsync();
