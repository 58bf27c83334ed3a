using Bank;
using Bank.Accounts;
using Bank.Fraud;
using Bank.Mailing;
using Bank.Owners;
using Bank.Transfers;
using FluentEventStore;
using FluentEventStore.AspNetCore;
using Scalar.AspNetCore;

var builder = WebApplication.CreateBuilder(args);

// Without a connection string, a private server is started, and removed when the application ends.
var connectionString = builder.Configuration.GetConnectionString("Bank");
await using var postgres = connectionString is null ? await LocalPostgres.StartAsync() : null;

builder.Services.AddFluentEventStore(options =>
    {
        options.Connection(connectionString ?? postgres!.ConnectionString); // One of them is there.
        options.Schema = "bank";
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        options.Subscriptions.Add("mailer", mailer => mailer.OnError(retries: 3, then: FailedEvent.Park).Handle<Mailer>());
    })
    .ApplySchemaOnStartup()
    .AddDaemon()
    .SeedBranches();
builder.Services.AddSingleton<IMail, PrintedMail>();
builder.Services.AddHostedService<FraudWatch>();
builder.Services.AddFluentEventStoreWeb(web => web
    .TenantFromHeader(Branches.Header)
    .MapException<RefusedException>(StatusCodes.Status422UnprocessableEntity, "The bank refuses"));
builder.Services.AddSingleton<ITenantResolver, Branches>();
builder.Services.AddHealthChecks().AddFluentEventStore();
builder.Services.AddOpenApi(ApiDescription.Describe);

// What is missing in a request is refused: an event would keep it for ever.
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.RespectRequiredConstructorParameters = true;
    json.SerializerOptions.RespectNullableAnnotations = true;
});

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapAccounts();
app.MapTransfers();
app.MapOwners();
app.MapHealthChecks("/health");
app.MapOpenApi();
app.MapScalarApiReference("/docs", options => options.DisableDefaultFonts());
app.MapGet("/", () => TypedResults.Redirect("/docs")).ExcludeFromDescription();
await app.RunAsync();
