using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

public sealed class EventViewTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>, IAsyncDisposable
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly EventStore _owner = bank.CreateOwnerStore();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("Reports")]
    [InlineData("a\"; drop table x; --")]
    public async Task A_schema_whose_name_is_not_plain_is_refused(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => _owner.Schema.CreateEventViewsAsync(name, Cancellation));

    [Fact]
    public async Task A_view_that_other_objects_depend_on_is_not_dropped_and_nothing_is_changed()
    {
        var views = $"{bank.Schema}_dependent";
        await _owner.Schema.CreateEventViewsAsync(views, Cancellation);
        await bank.ExecuteAsync(
            $"drop view {views}.event_account_opened; drop view {views}.event_note_taken; create view {views}.event_note_taken as select "
                + $"1 as other; comment on view {views}.event_note_taken is 'FluentEventStore, events of schema {bank.Schema}'; create "
                + $"view {views}.mine as select * from {views}.event_note_taken");

        (await Should.ThrowAsync<PostgresException>(() => _owner.Schema.CreateEventViewsAsync(views, Cancellation))).SqlState.ShouldBe(
            PostgresErrorCodes.DependentObjectsStillExist);
        (await bank.ExecuteAsync($"select to_regclass('{views}.event_account_opened') is null")).ShouldBe(true);

        await bank.ExecuteAsync($"drop view {views}.mine");
        await _owner.Schema.CreateEventViewsAsync(views, Cancellation);
        (await bank.ExecuteAsync($"select count(*) from {views}.event_note_taken where text = '{_id}'")).ShouldBe(0L);
        (await bank.ExecuteAsync($"select to_regclass('{views}.event_account_opened') is not null")).ShouldBe(true);
        await bank.ExecuteAsync($"drop schema {views} cascade");
    }

    [Theory]
    [InlineData("create view {0} as select 1 as mine", "a view")]
    [InlineData("create table {0} (mine integer)", "a table")]
    [InlineData("create materialized view {0} as select 1 as mine", "a materialized view")]
    [InlineData("create sequence {0}", "a sequence")]
    [InlineData(
        "create view {0} as select 1 as mine; comment on view {0} is 'FluentEventStore, events of schema another'",
        "a view of the events in schema 'another'")]
    public async Task What_somebody_else_made_is_left_as_it_is(string create, string found)
    {
        var views = $"{bank.Schema}_{found.Length}";
        await bank.ExecuteAsync($"create schema {views}; {string.Format(null, create, $"{views}.event_note_taken")}");

        var refused = await Should.ThrowAsync<EventViewConflictException>(() => _owner.Schema.CreateEventViewsAsync(views, Cancellation));

        (refused.Schema, refused.View, refused.Found).ShouldBe((bank.Schema, $"{views}.event_note_taken", found));
        (await bank.ExecuteAsync(
            $"select string_agg(relname, ' ') from pg_class where relnamespace = '{views}'::regnamespace and relkind <> 'S'"))
            .ShouldBe(found == "a sequence" ? DBNull.Value : "event_note_taken");
        await bank.ExecuteAsync($"drop schema {views} cascade");
    }

    [Fact]
    public async Task Two_stores_do_not_replace_each_others_views()
    {
        await using var other = new BankStore(server);
        await other.InitializeAsync();
        await using var otherOwner = other.CreateOwnerStore();
        var views = $"{bank.Schema}_two";
        await _owner.Schema.CreateEventViewsAsync(views, Cancellation);

        (await Should.ThrowAsync<EventViewConflictException>(() => otherOwner.Schema.CreateEventViewsAsync(views, Cancellation)))
            .Found.ShouldBe($"a view of the events in schema '{bank.Schema}'");

        await _owner.Schema.CreateEventViewsAsync(views, Cancellation);
        await bank.ExecuteAsync($"drop schema {views} cascade");
    }

    [Fact]
    public async Task A_schema_that_was_never_applied_is_reported_and_nothing_is_created()
    {
        await using var never = new BankStore(server);
        await using var store = never.CreateOwnerStore(
            options => options.Connection($"{never.ConnectionString};Maximum Pool Size=1;Timeout=60"));

        var missing = await Should.ThrowAsync<SchemaMismatchException>(
            () => store.Schema.CreateEventViewsAsync(cancellationToken: Cancellation));

        missing.Schema.ShouldBe(never.Schema);
        (await bank.ExecuteAsync($"select to_regnamespace('{never.Schema}') is null")).ShouldBe(true);
    }

    [Fact]
    public async Task Properties_are_columns_of_their_types()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1));
        await bank.AppendAsync(_id, new EverythingRecorded(
            new PersonId(_id),
            "s-1",
            7,
            3,
            ulong.MaxValue,
            1.50m,
            0.25,
            null,
            true,
            DayOfWeek.Friday,
            new DateOnly(2026, 3, 1),
            at,
            null,
            TimeSpan.FromHours(1),
            null,
            [1, 2],
            new Address("a", "b"),
            "odd"));
        await _owner.Schema.CreateEventViewsAsync(cancellationToken: Cancellation);
        await _owner.Schema.CreateEventViewsAsync(cancellationToken: Cancellation);

        (await bank.ExecuteAsync(
            "select string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod)), ', ' order by attnum) from pg_attribute where "
                + "attrelid = '{schema}.event_everything_recorded'::regclass and attnum > 12"))
            .ShouldBe(
                "person uuid, stream text, data_version bigint, small smallint, huge numeric, amount numeric, ratio double precision, "
                    + "part real, flag boolean, day text, date date, "
                    + "at timestamp with time zone, until timestamp with time zone, took text, text text, numbers jsonb, address jsonb, "
                    + "it's \"quoted\" \\ {odd} text");
        (await bank.ExecuteAsync(
            "select concat_ws('|', tenant, version, type_version, data_version, huge, amount + 1, ratio, part, flag, day, "
                + "to_char(date, 'YYYY-MM-DD'), to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), numbers->1, address->>'city', "
                + "\"it's \"\"quoted\"\" \\ {odd}\") "
                + $"from {{schema}}.event_everything_recorded where stream_id = '{_id}' and person = '{_id}'"))
            .ShouldBe("default|1|2|7|18446744073709551615|2.50|0.25|t|Friday|2026-03-01|2026-03-01 11:00:00|2|b|odd");
    }

    [Fact]
    public async Task Older_versions_are_null_personal_data_is_encrypted_and_what_is_hidden_is_not_shown()
    {
        await bank.AppendAsync(_id, new ParcelWeighed(5, "Ada", 1), new ParcelWeighedV2(7));
        await bank.AppendAsync($"person-{_id}", new PersonRegistered(_id, "Ada", "ada@example.org", null, default, null, "paid"));
        await bank.AppendAsync($"gone-{_id}", new NoteTaken("1"), new NoteTaken("2"));
        await using var session = bank.Store.OpenSession();
        session.Events.TruncateStream($"gone-{_id}", 2);
        await session.SaveChangesAsync(Cancellation);
        await _owner.Schema.CreateEventViewsAsync(cancellationToken: Cancellation);

        (await bank.ExecuteAsync(
            "select string_agg(concat(type_version, ':', grams, ':', by), ' ' order by version) "
                + $"from {{schema}}.event_parcel_weighed where stream_id = '{_id}'"))
            .ShouldBe("3:5:Ada 2::");
        (await bank.ExecuteAsync(
            $"select name::jsonb ? '$enc' and plan = 'paid' from {{schema}}.event_person_registered where stream_id = 'person-{_id}'"))
            .ShouldBe(true);
        (await bank.ExecuteAsync($"select string_agg(text, ' ') from {{schema}}.event_note_taken where stream_id = 'gone-{_id}'"))
            .ShouldBe("2");
    }

    [Fact]
    public async Task Views_are_not_drift()
    {
        await _owner.Schema.CreateEventViewsAsync(cancellationToken: Cancellation);
        await bank.ExecuteAsync("update {schema}.store set fingerprint = null");
        await using var another = bank.CreateOwnerStore();
        var report = await another.Schema.ApplyAsync(Cancellation);
        (report.Applied, report.Drift.Count).ShouldBe(("", 0));
        (await another.Schema.AssertAsync(Cancellation)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_are_appended_by_the_sql_of_the_reference()
    {
        var page = await File.ReadAllTextAsync(Repository("docs/reference/database.md"), Cancellation);
        var begin = page.IndexOf("select event_store.append(", StringComparison.Ordinal);
        var sql = page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)].Replace(
            "event_store.", $"{bank.Schema}.", StringComparison.Ordinal);

        ((long[])(await bank.ExecuteAsync(sql))!)[1].ShouldBe(0);
        (await bank.FetchAsync("account-7")).Select(static e => e.Data).ShouldBe(
            [new NoteTaken("from SQL"), new NoteTaken("and another", 2)]);
        (await Should.ThrowAsync<PostgresException>(() => bank.ExecuteAsync(sql))).SqlState.ShouldBe("FE001");
    }

    private static string Repository(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, path)))
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException(path);

        return Path.Combine(folder, path);
    }
}
