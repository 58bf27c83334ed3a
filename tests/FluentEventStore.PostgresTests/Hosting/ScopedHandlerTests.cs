using System.Collections.Concurrent;
using System.Globalization;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class ScopedHandlerTests(PostgresServer server) : IAsyncLifetime
{
    private readonly HostStore _host = new(server);
    private readonly Journal _journal = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_a_handler_writes_with_the_session_it_was_given_is_saved_with_the_page_and_names_its_cause()
    {
        using var host = Build(static subscription => subscription.Handle<Copier>());
        await host.StartAsync(Cancellation);
        await AppendAsync(host, default, "1", "2");
        await CatchUpAsync(host);

        var originals = await FetchAsync(host, "note");
        var copies = await FetchAsync(host, "copies");
        copies.Select(static copy => ((MoneyDeposited)copy.Data).Amount).ShouldBe([1m, 2m]);
        copies.Select(static copy => copy.CausationId).ShouldBe(originals.Select(static original => original.Id.ToString()));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_page_has_one_scope_and_one_handler_which_end_after_it_is_committed()
    {
        using var host = Build(static subscription => subscription.Handle<Copier>());
        await host.StartAsync(Cancellation);
        await AppendAsync(host, default, "1", "2", "3");
        await CatchUpAsync(host);
        await AppendAsync(host, default, "4");
        await CatchUpAsync(host);
        await host.StopAsync(Cancellation);

        // The first entry is of the start, which makes each handler once.
        _journal.Entries.ShouldBe(
        [
            "made for default", "ended",
            "made for default", "handled 1", "handled 2", "handled 3", "ended",
            "made for default", "handled 4", "ended",
        ]);
    }

    [Fact]
    public async Task What_is_done_for_an_event_that_fails_is_undone_and_done_again_in_another_scope()
    {
        _journal.FailAt = "2";
        using var host = Build(static subscription => subscription.Handle<Copier>()
            .OnError(1, FailedEvent.Stop, TimeSpan.Zero, TimeSpan.Zero));
        await host.StartAsync(Cancellation);
        await AppendAsync(host, default, "1", "2");
        await CatchUpAsync(host);

        (await FetchAsync(host, "copies")).Select(static copy => ((MoneyDeposited)copy.Data).Amount).ShouldBe([1m, 2m]);
        _journal.Entries.Count(static entry => entry == "handled 2").ShouldBe(1);
        _journal.Entries.Count(static entry => entry == "ended").ShouldBeGreaterThan(2);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Events_of_another_tenant_have_a_scope_whose_sessions_are_of_that_tenant()
    {
        using var host = Build(static subscription => subscription.Handle<Copier>());
        await host.StartAsync(Cancellation);
        await AppendAsync(host, "north", "1");
        await AppendAsync(host, "south", "2");
        await AppendAsync(host, "north", "3");
        await CatchUpAsync(host);

        (await FetchAsync(host, "copies", "north")).Select(static copy => ((MoneyDeposited)copy.Data).Amount).ShouldBe([1m, 3m]);
        (await FetchAsync(host, "copies", "south")).Select(static copy => ((MoneyDeposited)copy.Data).Amount).ShouldBe([2m]);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_scoped_sessions_of_a_page_are_its_session_and_saving_it_is_refused()
    {
        var found = new TaskCompletionSource<string>();
        using var host = Build(subscription => subscription.Handle(async (_, context) =>
        {
            var services = context.Services.ShouldNotBeNull();
            services.ShouldBeSameAs(context.Services);
            services.GetRequiredService<IDocumentSession>().ShouldBeSameAs(context.Session);
            services.GetRequiredService<IQuerySession>().ShouldBeSameAs(context.Session);
            var sessions = services.GetRequiredService<IEventStoreSessions>();
            sessions.HasSession.ShouldBeTrue();
            sessions.Session.ShouldBeSameAs(context.Session);
            await using var other = sessions.OpenSession();
            other.TenantId.ShouldBe((TenantId)"north");
            var refusal = await Should.ThrowAsync<InvalidOperationException>(() => context.Session.SaveChangesAsync(Cancellation));
            found.SetResult(refusal.Message);
        }));
        await host.StartAsync(Cancellation);
        await AppendAsync(host, "north", "1");
        await CatchUpAsync(host);

        (await found.Task).ShouldContain("saves this session");
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_handler_that_cannot_be_made_fails_the_start_and_names_the_subscription()
    {
        using var host = Build(static subscription => subscription.Handle<Needy>());

        (await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync(Cancellation))).Message
            .ShouldSatisfyAllConditions(
                static message => message.ShouldContain("'notes'"), static message => message.ShouldContain(nameof(IDisposable)));
    }

    [Fact]
    public void A_store_without_a_host_has_no_handlers_from_services() =>
        Should.Throw<InvalidOperationException>(() => EventStore.For(options =>
        {
            options.Connection(_host.ConnectionString);
            options.Subscriptions.Add("notes", static subscription => subscription.Handle<Copier>());
        })).Message.ShouldContain("AddFluentEventStore");

    [Fact]
    public async Task What_services_throw_at_the_end_of_a_page_concerns_no_event()
    {
        _journal.FailsAtEnd = true;
        using var host = Build(static subscription => subscription.Handle<Copier>().OnError(0, FailedEvent.Stop));
        _journal.FailsAtEnd = false;
        await host.StartAsync(Cancellation);
        _journal.FailsAtEnd = true;
        await AppendAsync(host, default, "1");
        await CatchUpAsync(host);
        await AppendAsync(host, default, "2");
        await CatchUpAsync(host);

        (await FetchAsync(host, "copies")).Count.ShouldBe(2);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task An_application_that_is_disposed_without_a_stop_counts_for_no_event()
    {
        var isCalled = new TaskCompletionSource();
        var isDisposed = new TaskCompletionSource();
        var host = Build(subscription => subscription.OnError(0, FailedEvent.Stop).Handle(async (_, context) =>
        {
            isCalled.TrySetResult();
            await isDisposed.Task;
            context.Services!.GetRequiredService<Journal>();
        }));
        await host.StartAsync(Cancellation);
        await AppendAsync(host, default, "1");
        await isCalled.Task.WaitAsync(Cancellation);

        var disposing = Task.Run(host.Dispose, Cancellation);
        while (!IsOver(host.Services))
            await Task.Delay(1, Cancellation);

        isDisposed.SetResult();
        await disposing.WaitAsync(Cancellation);

        using var next = Build(static subscription => subscription.Handle<Copier>());
        await next.StartAsync(Cancellation);
        await CatchUpAsync(next);
        (await FetchAsync(next, "copies")).Count.ShouldBe(1);
        await next.StopAsync(Cancellation);
    }

    private static bool IsOver(IServiceProvider services)
    {
        try
        {
            services.GetService<IHost>();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private IHost Build(Action<SubscriptionBuilder> declare) => _host.Build(
        builder =>
        {
            builder.ApplySchemaOnStartup().AddDaemon(DaemonMode.Solo);
            builder.Services.AddSingleton(_journal);
        },
        options => options.Subscriptions.Add("notes", subscription =>
        {
            subscription.ForEvents<NoteTaken>();
            declare(subscription);
        }));

    private static Task CatchUpAsync(IHost host) => host.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);

    private static async Task AppendAsync(IHost host, TenantId tenantId, params IEnumerable<string> texts)
    {
        await using var session = host.Services.GetRequiredService<IEventStore>().OpenSession(tenantId);
        session.Events.Append("note", texts.Select(static text => (object)new NoteTaken(text)));
        await session.SaveChangesAsync(Cancellation);
    }

    private static async Task<IReadOnlyList<IEvent>> FetchAsync(IHost host, string stream, TenantId tenantId = default)
    {
        await using var session = host.Services.GetRequiredService<IEventStore>().OpenQuerySession(tenantId);
        return await session.Events.FetchStreamAsync(stream, Cancellation);
    }
}

/// <summary>What happened in scopes.</summary>
internal sealed class Journal
{
    public ConcurrentQueue<string> Entries { get; } = new();

    /// <summary>The text whose first call fails.</summary>
    public string? FailAt { get; set; }

    public bool FailsAtEnd { get; set; }
}

[EventHandler]
internal sealed partial class Copier : IAsyncDisposable
{
    private readonly IDocumentSession _session;
    private readonly Journal _journal;

    public Copier(IDocumentSession session, Journal journal)
    {
        (_session, _journal) = (session, journal);
        journal.Entries.Enqueue($"made for {session.TenantId}");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        _journal.Entries.Enqueue("ended");
        if (_journal.FailsAtEnd)
            throw new NotSupportedException("It does not end well.");
    }

    private void Handle(NoteTaken note)
    {
        _session.Events.Append("copies", new MoneyDeposited(Guid.Empty, decimal.Parse(note.Text, CultureInfo.InvariantCulture)));
        if (note.Text == _journal.FailAt)
        {
            _journal.FailAt = null;
            throw new NotSupportedException("Not yet.");
        }

        _journal.Entries.Enqueue($"handled {note.Text}");
    }
}

[EventHandler]
internal sealed partial class Needy(IDisposable what)
{
    private void Handle(NoteTaken note) => _ = (note, what);
}
