using FluentEventStore;
using FluentEventStore.AspNetCore;
using FluentEventStore.Benchmarks.App;

// What the benchmark calls over HTTP, and starts. FluentEventStore.Benchmarks.MartenApp is the same with Marten.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PaymentJson.Default));
builder.Services.AddFluentEventStore(options =>
{
    options.Connection(builder.Configuration.GetConnectionString("Store")!);
    options.Schema = builder.Configuration["Schema"]!;
});
builder.Services.AddFluentEventStoreWeb();

var app = builder.Build();
app.MapPost("/accounts/{id}/payments", static (Guid id, Payment payment, IDocumentSession session) =>
    {
        session.Events.Append(id, payment);
        return TypedResults.NoContent();
    })
    .WithUnitOfWork();
await app.RunAsync();
