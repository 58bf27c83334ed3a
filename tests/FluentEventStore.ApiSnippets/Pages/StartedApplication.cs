using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>An application of a page on Kestrel, and a client of it.</summary>
internal sealed class StartedApplication : IAsyncDisposable
{
    private StartedApplication(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    /// <summary>Arguments with which an application listens at a free port, and uses a schema.</summary>
    public static string[] Arguments(string schema) =>
        ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", $"--FluentEventStore:Schema={schema}"];

    public static async Task<StartedApplication> StartAsync(WebApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StartedApplication(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
