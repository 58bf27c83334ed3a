using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Views;

public sealed class ViewTests(InlineViewStore inline, AsyncViewStore daemon) : IClassFixture<InlineViewStore>, IClassFixture<AsyncViewStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string View => TurnoverProjection.Group(_id);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_view_gathers_events_of_many_streams(bool isInline)
    {
        var bank = Of(isInline);
        var other = Sibling(_id);
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
        await bank.AppendAsync(other, new MoneyWithdrawn(other, 30), new MoneyDeposited(other, 1));
        await using var running = await CatchUpAsync(bank, isInline);

        var view = (await LoadAsync(bank)).ShouldNotBeNull();
        (view.In, view.Out, view.Moves).ShouldBe((101m, 30m, 3));
        view.Versions.ShouldBe([2, 2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_view_ends_and_begins_again(bool isInline)
    {
        var bank = Of(isInline);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 100), new AccountClosed(_id));
        await using var running = await CatchUpAsync(bank, isInline);
        (await LoadAsync(bank)).ShouldBeNull();

        var commit = await bank.AppendAsync(_id, new MoneyDeposited(_id, 7));
        await bank.Store.WaitForAsync(commit, TimeSpan.FromSeconds(20), Cancelled);
        (await LoadAsync(bank))!.In.ShouldBe(7m);
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_turnover where id = '{View}'")).ShouldBe(3L);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_that_names_a_view_twice_is_applied_to_it_once(bool isInline)
    {
        var bank = Of(isInline);
        var (one, two) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        await bank.AppendAsync(_id, new NoteTaken($"{one} {two} {one}"));
        await using var running = await CatchUpAsync(bank, isInline);

        await using var session = bank.Store.OpenQuerySession();
        var words = await session.LoadManyAsync<Word>([one, two], Cancelled);
        words.Select(static word => word.Count).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Units_that_share_a_view_do_not_conflict_whoever_writes_it_first()
    {
        var accounts = Enumerable.Range(0, 16).Select(_ => Sibling(_id)).ToArray();
        await Task.WhenAll(accounts.Select(account => Task.Run(
            async () =>
            {
                for (var count = 0; count < 5; count++)
                    await inline.AppendAsync(account, new MoneyDeposited(account, 1));
            },
            Cancelled)));

        (await LoadAsync(inline))!.In.ShouldBe(80m);
    }

    [Fact]
    public async Task Two_stores_that_share_a_view_do_not_conflict()
    {
        await using var other = inline.CreateStore();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            async () =>
            {
                var account = Sibling(_id);
                for (var count = 0; count < 5; count++)
                {
                    await using var session = (index % 2 == 0 ? other : inline.Store).OpenSession();
                    session.Events.Append(account, new MoneyDeposited(account, 1));
                    await session.SaveChangesAsync(Cancelled);
                }
            },
            Cancelled)));

        (await LoadAsync(inline))!.In.ShouldBe(40m);
    }

    [Fact]
    public async Task A_view_that_fails_refuses_its_unit_and_says_on_which_event()
    {
        var failure = await Should.ThrowAsync<ProjectionException>(() => inline.AppendAsync(_id, new NoteTaken("a  b")));

        (failure.Projection, failure.Location.StreamId, failure.Location.TypeName).ShouldBe(("words", (StreamId)_id, "note-taken"));
        (await inline.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_units_of_work_keep_is_not_imported()
    {
        var events = new[]
        {
            new ImportedEvent(_id, 1, new MoneyDeposited(_id, 1)) { Id = Guid.NewGuid(), Timestamp = DateTimeOffset.UnixEpoch },
        };

        (await Should.ThrowAsync<InvalidOperationException>(
            () => inline.Store.Transfer.ImportAsync(events.ToAsyncEnumerable(), Cancelled))).Message.ShouldContain("'turnover'");
    }

    [Fact]
    public async Task Sessions_do_not_write_views()
    {
        await using var session = inline.Store.OpenSession();

        Should.Throw<ArgumentException>(() => session.Store(new Turnover { Id = "a" })).Message.ShouldContain("derived from events");
        Should.Throw<ArgumentException>(() => session.Delete<Turnover>("a"));
    }

    [Fact]
    public async Task Tenants_have_views_of_their_own()
    {
        foreach (var tenant in new TenantId[] { new("a"), new("b") })
        {
            await using var session = inline.Store.OpenSession(tenant);
            session.Events.Append(_id, new MoneyDeposited(_id, tenant.Value == "a" ? 1 : 2));
            await session.SaveChangesAsync(Cancelled);
        }

        await using var reader = inline.Store.OpenQuerySession(new TenantId("b"));
        (await reader.LoadAsync<Turnover>(View, Cancelled))!.In.ShouldBe(2m);
        (await LoadAsync(inline)).ShouldBeNull();
    }

    private static Guid Sibling(Guid account) => Guid.Parse(account.ToString()[..2] + Guid.NewGuid().ToString()[2..]);

    private ViewStore Of(bool isInline) => isInline ? inline : daemon;

    private static async Task<IDaemon?> CatchUpAsync(ViewStore bank, bool isInline) =>
        isInline ? null : await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);

    private async Task<Turnover?> LoadAsync(ViewStore bank)
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadAsync<Turnover>(View, Cancelled);
    }
}
