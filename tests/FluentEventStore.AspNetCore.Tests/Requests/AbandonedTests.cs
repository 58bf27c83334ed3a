using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>What a request collects and nobody saves is not lost without a word.</summary>
public sealed class AbandonedTests(WebStore bank) : IClassFixture<WebStore>, IDisposable
{
    private readonly Listener _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("forgotten", true)]
    [InlineData("other-store", true)]
    [InlineData("saved-by-itself", false)]
    [InlineData("unit", false)]
    [InlineData("refused", false)]
    [InlineData("thrown", false)]
    [InlineData("thrown-away", false)]
    [InlineData("challenged", false)]
    [InlineData("excused", false)]
    public async Task A_success_that_saves_nothing_of_what_it_collected_is_a_warning(string path, bool isWarned)
    {
        await using (var host = await WebHost.StartAsync(bank, Map, Add))
            await host.Client.PostAsync($"/{path}/{Guid.NewGuid()}", content: null, TestContext.Current.CancellationToken);

        var warnings = _log.Messages.Where(static message => message.Contains("was not saved", StringComparison.Ordinal));

        // The scope of a request ends behind its answer.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (isWarned && !warnings.Any())
            await Task.Delay(20, limit.Token);

        if (isWarned)
            warnings.ShouldHaveSingleItem().ShouldContain($"POST /{path}/{{id}}");
        else
            warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_that_a_request_left_behind_ends_in_peace()
    {
        var (isAnswered, work) = (new TaskCompletionSource(), Task.CompletedTask);
        await using (var host = await WebHost.StartAsync(
            bank,
            app => app.MapPost("/{id}", (Guid id, IServiceScopeFactory scopes, HttpContext context) =>
            {
                // Behind everything that is done with the request.
                work = WorkAsync(id, scopes.CreateAsyncScope(), isAnswered.Task);
            }),
            static services => services.AddFluentEventStoreWeb()))
        {
            await host.Client.PostAsync($"/{Guid.NewGuid()}", content: null, TestContext.Current.CancellationToken);

            // The connection takes another request only when the first has ended.
            await host.Client.PostAsync("/none/of/these", content: null, TestContext.Current.CancellationToken);
            isAnswered.SetResult();
            await work;
        }

        static async Task WorkAsync(Guid id, AsyncServiceScope scope, Task isAnswered)
        {
            await using (scope)
            {
                Append(id, scope.ServiceProvider.GetRequiredService<IDocumentSession>());
                await isAnswered;
            }
        }
    }

    private static void Map(WebApplication app)
    {
        app.UseExceptionHandler(static handler => handler.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            return Task.CompletedTask;
        }));
        app.MapPost("/challenged/{id}", static (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            return TypedResults.Challenge();
        }).WithUnitOfWork();
        app.MapPost("/excused/{id}", static (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            throw new NotSupportedException("No.");
        });
        app.MapPost("/forgotten/{id}", Append);
        app.MapPost("/other-store/{id}", static (Guid id, [FromKeyedServices("other")] IDocumentSession session) => Append(id, session))
            .WithUnitOfWork();
        app.MapPost("/saved-by-itself/{id}", static async (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            await session.SaveChangesAsync();
        });
        app.MapPost("/unit/{id}", Append).WithUnitOfWork();
        app.MapPost("/refused/{id}", static (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            return TypedResults.NotFound();
        }).WithUnitOfWork();
        app.MapPost("/thrown/{id}", static (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            throw new NotSupportedException("No.");
        }).WithUnitOfWork();
        app.MapPost("/thrown-away/{id}", static (Guid id, IDocumentSession session) =>
        {
            Append(id, session);
            session.EjectAllPendingChanges();
        });
    }

    private static void Append(Guid id, IDocumentSession session) => session.Events.Append(id, new MoneyMoved(1));

    private void Add(IServiceCollection services) => services
        .AddAuthentication("login").AddScheme<AuthenticationSchemeOptions, Login>("login", configureOptions: null).Services
        .AddFluentEventStoreWeb()
        .AddLogging(logging => logging.AddProvider(_log))
        .AddKeyedFluentEventStore("other", options =>
        {
            options.Connection(bank.ConnectionString);
            options.Schema = bank.Schema;
        });

    /// <summary>Leads those who are not known to a page where they become so.</summary>
    private sealed class Login(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Redirect("/login");
            return Task.CompletedTask;
        }
    }

    private sealed class Listener : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
