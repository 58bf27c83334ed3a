using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Events that are stored under a former name.</summary>
public sealed class AliasTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = $"fees-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_stored_under_former_names_are_read_as_the_type_and_upcast_from_there()
    {
        await AppendUnderAllNamesAsync();

        var events = await bank.FetchAsync(_id);
        events.Select(static e => e.Data).ShouldBe(
            [
                new FeeCharged(1, "a"),
                new FeeCharged(2, "b"),
                new FeeCharged(3, "c"),
                new FeeCharged(4, "unknown"),
                new FeeCharged(5, "unknown")
            ]);
        events.Select(static e => $"{e.TypeName} {e.TypeVersion}").ShouldBe(
            ["fee-charged 2", "charge-made 2", "it's \\ old 2", "fee-charged 1", "charge-made 1"]);
    }

    [Fact]
    public async Task A_filter_on_the_type_lets_all_names_pass_and_new_events_have_the_name_of_the_type()
    {
        await AppendUnderAllNamesAsync();
        await bank.AppendAsync(_id, new FeeCharged(6, "new"), new NoteTaken("no fee"));

        await using var session = bank.Store.OpenQuerySession();
        var filter = new EventFilter().OfType<FeeCharged>().OfStreams(_id.Value);
        var found = await session.Events.ReadAllAsync(filter, Cancellation).ToListAsync(Cancellation);

        found.Select(static e => e.Version).ShouldBe([1, 2, 3, 4, 5, 6]);
        found[^1].TypeName.ShouldBe("fee-charged");
    }

    [Fact]
    public async Task A_view_shows_what_is_stored_under_any_of_the_names()
    {
        await AppendUnderAllNamesAsync();
        var views = $"{bank.Schema}_views";
        await using var owner = bank.CreateOwnerStore();
        await owner.Schema.CreateEventViewsAsync(views, Cancellation);

        (await bank.ExecuteAsync(
            $"select string_agg(coalesce(reason, '-'), ',' order by version) from {views}.event_fee_charged where stream_id = '{_id}'"))
            .ShouldBe("a,b,c,-,-");
        await bank.ExecuteAsync($"drop schema {views} cascade");
    }

    private async Task AppendUnderAllNamesAsync()
    {
        await bank.AppendAsync(
            _id, new FeeCharged(1, "a"), new FeeCharged(2, "b"), new FeeCharged(3, "c"), new FeeChargedV1(4), new FeeChargedV1(5));
        foreach (var (version, name) in ((int, string)[])[(2, "charge-made"), (3, "it''s \\ old"), (5, "charge-made")])
            await bank.TamperAsync(
                $"update {{schema}}.events e set type = '{name}' from {{schema}}.streams s where s.key = e.stream and s.id = '{_id}' and "
                    + $"e.version = {version}");
    }
}
