using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class ScopeTests(BankStore bank) : IClassFixture<BankStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scope_has_one_session_of_each_kind_and_another_scope_has_others()
    {
        await using var provider = Build();
        await using var one = provider.CreateAsyncScope();
        await using var other = provider.CreateAsyncScope();

        var session = one.ServiceProvider.GetRequiredService<IDocumentSession>();

        session.ShouldBeSameAs(one.ServiceProvider.GetRequiredService<IDocumentSession>());
        session.ShouldBeSameAs(one.ServiceProvider.GetRequiredService<IEventStoreSessions>().Session);
        session.ShouldNotBeSameAs(other.ServiceProvider.GetRequiredService<IDocumentSession>());
        one.ServiceProvider.GetRequiredService<IQuerySession>()
            .ShouldBeSameAs(one.ServiceProvider.GetRequiredService<IEventStoreSessions>().QuerySession);
        provider.GetRequiredService<IEventStore>().ShouldBeSameAs(one.ServiceProvider.GetRequiredService<IEventStore>());
    }

    [Fact]
    public async Task The_end_of_a_scope_ends_its_sessions_and_saves_nothing()
    {
        await using var provider = Build();
        var streamId = (StreamId)Guid.NewGuid();
        IDocumentSession session;
        await using (var scope = provider.CreateAsyncScope())
        {
            session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
            session.Events.Append(streamId, new NoteTaken("a"));
        }

        await Should.ThrowAsync<ObjectDisposedException>(() => session.SaveChangesAsync(Cancellation));
        (await bank.FetchAsync(streamId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_scope_that_ends_synchronously_ends_its_sessions_too()
    {
        await using var provider = Build();
        IDocumentSession session;
        using (var scope = provider.CreateScope())
            session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();

        Should.Throw<ObjectDisposedException>(() => session.Events.Append(Guid.NewGuid(), new NoteTaken("a")));
    }

    [Fact]
    public async Task A_container_that_is_disposed_synchronously_ends_its_store_and_those_who_follow()
    {
        var provider = Build();
        var store = provider.GetRequiredService<IEventStore>();
        var following = store.Log.FollowAsync(cancellationToken: Cancellation).LastOrDefaultAsync(Cancellation).AsTask();

        provider.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(() => following);
        Should.Throw<ObjectDisposedException>(() => store.OpenSession());
    }

    [Fact]
    public async Task The_sessions_of_a_scope_work_for_whom_the_application_says()
    {
        await using var provider = Build(static services => services
            .AddSingleton<IConfigureSessions>(new Setting(static options => (options.TenantId, options.UserName) = ("acme", "ada")))
            .AddScoped<IConfigureSessions>(static _ => new Setting(static options => options.UserName += " of acme")));
        await using var scope = provider.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<IEventStoreSessions>();
        var streamId = (StreamId)Guid.NewGuid();
        sessions.HasSession.ShouldBeFalse();
        sessions.Options.CorrelationId = "job 7";

        sessions.Session.Events.Append(streamId, new NoteTaken("a"));
        await sessions.Session.SaveChangesAsync(Cancellation);

        sessions.HasSession.ShouldBeTrue();
        var recorded = (await sessions.QuerySession.Events.FetchStreamAsync(streamId, Cancellation)).ShouldHaveSingleItem();
        (recorded.TenantId, recorded.UserName, recorded.CorrelationId).ShouldBe(("acme", "ada of acme", "job 7"));
    }

    [Fact]
    public async Task Sessions_opened_by_a_worker_are_its_own()
    {
        await using var provider = Build();
        await using var scope = provider.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<IEventStoreSessions>();
        sessions.Options.TenantId = "acme";

        await using var first = sessions.OpenSession();
        sessions.Options.TenantId = "other";
        await using var second = sessions.OpenSession();
        await using var reading = sessions.OpenQuerySession();

        first.ShouldNotBeSameAs(second);
        (first.TenantId.Value, second.TenantId.Value, reading.TenantId.Value).ShouldBe(("acme", "other", "other"));
        sessions.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_of_the_application_as_a_whole_is_refused_also_where_scopes_are_not_validated()
    {
        await using var provider = Build(static services => services.AddSingleton<Keeper>(), validates: false);

        Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<IDocumentSession>())
            .Message.ShouldContain("CreateAsyncScope");
        Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<IQuerySession>());
        Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<Keeper>());
    }

    [Fact]
    public async Task Two_stores_with_keys_are_two_stores()
    {
        await using var provider = Build(services => services.AddKeyedFluentEventStore("billing", options =>
        {
            options.Schema = bank.Schema;
            options.Connection(bank.StoreConnectionString);
        }));
        await using var scope = provider.CreateAsyncScope();

        var session = scope.ServiceProvider.GetRequiredKeyedService<IDocumentSession>("billing");

        session.ShouldNotBeSameAs(scope.ServiceProvider.GetRequiredService<IDocumentSession>());
        scope.ServiceProvider.GetRequiredKeyedService<IQuerySession>("billing").ShouldNotBeSameAs(
            scope.ServiceProvider.GetRequiredService<IQuerySession>());
        provider.GetRequiredKeyedService<IEventStore>("billing").ShouldNotBeSameAs(provider.GetRequiredService<IEventStore>());
        var streamId = (StreamId)Guid.NewGuid();
        session.Events.Append(streamId, new NoteTaken("a"));
        await session.SaveChangesAsync(Cancellation);
        (await bank.FetchAsync(streamId)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_application_may_put_a_store_of_its_own_around_the_one_that_is_made()
    {
        await using var provider = Build(static services => services.AddSingleton<IEventStore>(static _ => EventStore.For(
            static options => options.Connection("Host=of.the.application"))));

        // The last registration wins, and the start still finds what the host made.
        await provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StartingAsync(Cancellation);
        provider.GetServices<IEventStore>().Count().ShouldBe(2);
    }

    private ServiceProvider Build(Action<IServiceCollection>? add = null, bool validates = true)
    {
        var services = new ServiceCollection();
        services.AddFluentEventStore(options =>
        {
            options.Schema = bank.Schema;
            options.Connection(bank.StoreConnectionString);
        });
        add?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = validates });
    }

    private sealed class Setting(Action<SessionOptions> set) : IConfigureSessions
    {
        public void Configure(SessionOptions options) => set(options);
    }

    private sealed class Keeper(IDocumentSession session)
    {
        public IDocumentSession Session { get; } = session;
    }
}
