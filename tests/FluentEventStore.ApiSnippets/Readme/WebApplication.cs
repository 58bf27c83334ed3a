// begin-snippet: web
using FluentEventStore;
using FluentEventStore.AspNetCore;
// end-snippet
using Microsoft.AspNetCore.Builder;

namespace Warehouse;

/// <summary>The web application of README.md.</summary>
public static class Program
{
    /// <param name="args">Those of the program.</param>
    /// <param name="built">Gets the application, to stop it: until then it runs.</param>
    public static async Task RunAsync(string[] args, Action<WebApplication> built)
    {
        // begin-snippet: web
        await using var postgres = await LocalPostgres.StartAsync();            // or your own server
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddFluentEventStore(options => options.Connection(postgres.ConnectionString)).ApplySchemaOnStartup();
        var app = builder.Build();

        app.MapPost("/stock/{product}", (string product, Delivered delivered, IDocumentSession session) =>
        {
            session.Events.Append(product, delivered);
            return EventStoreResults.Aggregate<Stock>(product);                 // read after the event is saved
        }).WithUnitOfWork();
        app.MapGet("/stock/{product}", (string product) => EventStoreResults.Aggregate<Stock>(product));
        // end-snippet

        built(app);

        // begin-snippet: web
        app.Run();
        // end-snippet
    }
}

// begin-snippet: web
[Event]
public sealed record Delivered(int Quantity);

[Aggregate]
public sealed partial record Stock(int Quantity)
{
    public static Stock Create(Delivered e) => new(e.Quantity);

    public Stock Apply(Delivered e) => this with { Quantity = Quantity + e.Quantity };
}
// end-snippet
