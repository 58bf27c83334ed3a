namespace FluentEventStore.PostgresTests.Schema;

public sealed class DriftTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, SchemaDriftKind, string> WhatIsNotOurs => new()
    {
        { "alter table {s}.events add column note text default 'x'", "events", SchemaDriftKind.Column, "Column note text." },
        {
            "alter table {s}.events add column note text not null",
            "events",
            SchemaDriftKind.Column,
            "rows that the store inserts are refused"
        },
        { "create index by_type on {s}.events (type) where version = 1", "events", SchemaDriftKind.Index, "Index by_type" },
        {
            "create index by_word on {s}.events using gin (to_tsvector('english', data->>'text'))",
            "events",
            SchemaDriftKind.Index,
            "Index by_word"
        },
        {
            "create unique index one_a_day on {s}.streams (created_at)",
            "streams",
            SchemaDriftKind.Index,
            "It may refuse what the store writes."
        },
        {
            "alter table {s}.events add constraint to_streams foreign key (stream) references {s}.streams (key)",
            "events",
            SchemaDriftKind.ForeignKey,
            "Foreign key to_streams"
        },
        { "alter table {s}.events add constraint short check (length(type) < 50)", "events", SchemaDriftKind.Constraint, "Check short" },
        {
            "create function {s}.nothing() returns trigger language plpgsql as 'begin return new; end'; create trigger spy before insert "
                + "on {s}.events for each row execute function {s}.nothing()",
            "events",
            SchemaDriftKind.Trigger,
            "Trigger spy"
        },
        { "alter table {s}.streams set (fillfactor = 90)", "streams", SchemaDriftKind.Setting, "fillfactor is 90" },
        { "alter table {s}.streams alter column state set default 7", "streams", SchemaDriftKind.Setting, "Column state defaults to" },
        { "alter table {s}.streams enable row level security", "streams", SchemaDriftKind.Setting, "Row security" },
    };

    [Theory, MemberData(nameof(WhatIsNotOurs))]
    public async Task What_the_store_does_not_know_is_reported_and_left_alone(
        string sql, string table, SchemaDriftKind kind, string description)
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync(sql);
        var before = await store.ScalarAsync<string>(Everything);

        var found = await store.Schema.ApplyAsync(Cancelled);
        var remembered = await store.Schema.ApplyAsync(Cancelled);
        var asserted = await store.Schema.AssertAsync(Cancelled);

        found.Applied.ShouldBeEmpty();
        var drift = found.Drift.ShouldHaveSingleItem();
        drift.Table.ShouldBe($"{store.Name.Name}.{table}");
        drift.Kind.ShouldBe(kind);
        drift.Description.ShouldContain(description);
        remembered.Drift.ShouldBe(found.Drift);
        asserted.Drift.ShouldBe(found.Drift);
        (await store.ScalarAsync<string>(Everything)).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_not_ours_stays_even_where_something_else_is_missing()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync(
            "alter table {s}.events add column note text; create index by_note on {s}.events (note); drop index {s}.events_id_key; alter "
                + "table {s}.events drop column headers");

        var report = await store.Schema.ApplyAsync(Cancelled);

        report.Applied.ShouldContain("events_id_key");
        report.Applied.ShouldContain("headers");
        report.Applied.ShouldNotContain("drop", Case.Insensitive);
        report.Drift.Select(drift => drift.Kind).ShouldBe([SchemaDriftKind.Column, SchemaDriftKind.Index]);
        (await store.ScalarAsync<bool>("select to_regclass('{s}.by_note') is not null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_table_of_the_user_in_the_same_schema_is_not_touched_and_not_reported()
    {
        await using var store = new StoreFixture(server);
        await store.ExecuteAsync(
            "create schema {s}; create table {s}.mine (id int primary key, note text); insert into {s}.mine values (1, 'x')");

        var report = await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("drop index {s}.events_id_key");
        await store.Schema.ApplyAsync(Cancelled);

        report.Drift.ShouldBeEmpty();
        (await store.ScalarAsync<string>("select note from {s}.mine")).ShouldBe("x");
    }

    private const string Everything =
        """
        select string_agg(fact, e'\n' order by fact)
        from (
            select attrelid::regclass || ' ' || attname || ' ' || atttypid::regtype as fact
            from pg_attribute a join pg_class c on c.oid = attrelid
            where relnamespace = '{s}'::regnamespace and attnum > 0
            union all select pg_get_indexdef(indexrelid)
            from pg_index join pg_class c on c.oid = indexrelid where relnamespace = '{s}'::regnamespace
            union all select pg_get_constraintdef(oid) from pg_constraint where connamespace = '{s}'::regnamespace
            union all select tgname::text from pg_trigger join pg_class c on c.oid = tgrelid where relnamespace = '{s}'::regnamespace
            union all select relname || ' ' || reloptions::text from pg_class where relnamespace = '{s}'::regnamespace) as facts
        """;
}
