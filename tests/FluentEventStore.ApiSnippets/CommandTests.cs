using FluentEventStore.ApiSnippets.Bank;
using FluentEventStore.Testing;

namespace FluentEventStore.ApiSnippets;

/// <summary>The code of docs/how-to/deciders.md and docs/how-to/handle-events.md.</summary>
public sealed class CommandTests(SnippetStore snippets)
{
    private readonly EventStore _store = snippets.Store;
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_decision_is_loaded_made_and_appended_in_one_call()
    {
        var (id, store, cancellationToken) = (_id, _store, TestContext.Current.CancellationToken);
        await using var session = store.OpenSession();
        session.Events.Append(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 150m, "EUR", DateTimeOffset.UtcNow));
        await session.SaveChangesAsync(cancellationToken);

        // load, decide, append; retried on conflict
        await store.ExecuteAsync<Account>(id, (account, ct) => Decide(account), cancellationToken);

        (await session.Events.FetchLatestAsync<Account>(id, cancellationToken))!.Balance.ShouldBe(50m);

        IEnumerable<object> Decide(Account? account) => account is { Balance: >= 100m } ? [new MoneyWithdrawn(id, 100m)] : [];
    }

    [Fact]
    public async Task A_command_is_decided()
    {
        var (cartId, store, cancellationToken) = (_id, _store, TestContext.Current.CancellationToken);
        await store.ExecuteAsync(Cart.Decider, cartId, new AddItem("apple", 2), cancellationToken);

        (await store.ExecuteAsync(Cart.Decider, cartId, new CheckOut(), cancellationToken)).Streams[cartId].Version.ShouldBe(2);
        (await store.ExecuteAsync(Cart.Decider, cartId, new CheckOut(), cancellationToken)).Streams.ShouldBeEmpty();
        await Should.ThrowAsync<InvalidOperationException>(
            () => store.ExecuteAsync(Cart.Decider, cartId, new AddItem("pear", 1), cancellationToken));
    }

    [Fact]
    public async Task A_state_is_read_with_its_version()
    {
        var (cartId, store, cancellationToken) = (_id, _store, TestContext.Current.CancellationToken);
        await store.ExecuteAsync(Cart.Decider, cartId, new AddItem("apple", 2), cancellationToken);
        await using var session = store.OpenQuerySession();

        Versioned<CartState> cart = await session.Events.FoldAsync(Cart.Decider, cartId, cancellationToken);
        Versioned<Account>? latest = await session.Events.FetchLatestVersionedAsync<Account>(cartId, cancellationToken);
        Versioned<Account>? past = await session.Events.AggregateStreamVersionedAsync<Account>(
            cartId, new StreamRange { To = 2 }, cancellationToken);

        (cart.Value.Items, cart.Version.Version).ShouldBe((2, 1));
        (latest, past).ShouldBe((null, null));

        var seen = cart.Version with { Rewrites = 1 };
        var executing = store.ExecuteAsync(Cart.Decider, cartId, new CheckOut(), new ExecutionOptions
        {
            Check = version => { if (version != seen) throw new InvalidOperationException("The cart has changed."); },
            RetryFor = TimeSpan.Zero,
        }, cancellationToken);
        await Should.ThrowAsync<InvalidOperationException>(() => executing);
    }

    [Fact]
    public void A_cart_with_items_is_checked_out_once()
    {
        var given = Cart.Decider.Fold(new ItemAdded("apple", 2));
        Cart.Decide(new CheckOut(), given).ShouldBe([new CheckedOut()]);

        given = Cart.Decider.Fold(new ItemAdded("apple", 2), new CheckedOut());
        Cart.Decide(new CheckOut(), given).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_are_handled()
    {
        var (store, mail, after, cancellationToken) = (_store, new StringWriter(), 0L, TestContext.Current.CancellationToken);
        var tenant = _id.ToString();
        await using (var before = store.OpenSession(tenant))
        {
            before.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyWithdrawn(_id, 1m), new AccountClosed(_id));
            await before.SaveChangesAsync(cancellationToken);
        }

        IEventHandler mailer = new Mailer(mail);
        await using var session = store.OpenSession(tenant);
        await foreach (var e in session.Events.ReadAllAsync(
            new LogRange { After = after }, new EventFilter().For(mailer), cancellationToken))
        {
            await mailer.HandleAsync(e, session, cancellationToken);
        }

        await session.SaveChangesAsync(cancellationToken);

        mail.ToString().ShouldBe("Welcome, Ada");
        (await session.LoadAsync<Customer>(_id, cancellationToken))!.Name.ShouldBe("closed");
    }
}
