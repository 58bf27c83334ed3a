using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>An application on Kestrel, at a free port, with a store in a schema of its own.</summary>
public sealed class WebHost : IAsyncDisposable
{
    private readonly WebStore _bank;
    private readonly WebApplication _app;

    private WebHost(WebStore bank, WebApplication app)
    {
        (_bank, _app) = (bank, app);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null });
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public IServiceProvider Services => _app.Services;

    public EventStore Store => _bank.Store;

    /// <summary>Starts an application.</summary>
    /// <param name="bank">The store.</param>
    /// <param name="map">Maps its endpoints.</param>
    /// <param name="add">Adds to its services.</param>
    /// <param name="configure">Sets options of the store.</param>
    /// <param name="environment">Development shows exceptions on a page, production does not.</param>
    public static async Task<WebHost> StartAsync(
        WebStore bank,
        Action<WebApplication> map,
        Action<IServiceCollection>? add = null,
        Action<EventStoreOptions>? configure = null,
        string environment = "Production")
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddFluentEventStore(options =>
        {
            options.Connection(bank.ConnectionString);
            options.Schema = bank.Schema;
            configure?.Invoke(options);
        });
        add?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = new WebHost(bank, app);
        host.Client.BaseAddress = new Uri(app.Urls.Single());
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
