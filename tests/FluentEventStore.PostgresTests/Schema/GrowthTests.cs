using Npgsql;

namespace FluentEventStore.PostgresTests.Schema;

public sealed class GrowthTests(PostgresServer server, GrowthTests.Grown grown) : IClassFixture<GrowthTests.Grown>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> WhatIsMissing => new()
    {
        { "drop index {s}.events_id_key", "events_id_key" },
        { "drop index {s}.streams_tenant_id_key", "streams_tenant_id_key" },
        { "drop table {s}.doc_year", "doc_year" },
        { "drop schema {n}_keys cascade", "{n}_keys" },
        { "drop table {n}_keys.subject_keys", "subject_keys" },
        { "alter table {n}_keys.subject_keys disable trigger fes_guard", "fes_guard" },
        { "alter table {n}_keys.subject_keys disable trigger fes_guard_rows", "fes_guard_rows" },
        { "drop trigger fes_guard_rows on {n}_keys.subject_keys", "fes_guard_rows" },
        {
            "create or replace trigger fes_guard_rows before update of tenant on {n}_keys.subject_keys for each row execute function "
                + "{n}_keys.guard()",
            "fes_guard_rows"
        },
        { "create or replace function {n}_keys.guard() returns trigger language plpgsql as 'begin return new; end'", "guard" },
        { "drop table {s}.store", "store" },
        { "delete from {s}.store", "store" },
        { "comment on table {s}.store is null", "store" },
        { "drop sequence {s}.positions", "positions" },
        { "alter sequence {s}.positions restart", "nextval" },
        { "alter table {s}.events drop column headers", "headers" },
        { "alter table {s}.streams alter column linked drop default", "linked" },
        { "alter table {s}.events drop constraint events_pkey", "events_pkey" },
        { "alter table {s}.store drop constraint store_lock_tag_check", "store_lock_tag_check" },
        { "alter table {s}.streams reset (fillfactor)", "fillfactor" },
        { "drop function {s}.twice", "twice" },
        { "create or replace function {s}.twice(p_value bigint) returns bigint language plpgsql as 'begin return 3; end'", "twice" },
        { "alter function {s}.twice stable", "twice" },
        { "alter function {s}.twice set search_path to public", "twice" },
        {
            "create function {s}.twice(p_value text) returns bigint language sql as 'select 1::bigint'",
            "drop function \"{n}\".\"twice\"(p_value text)"
        },
        {
            "drop function {s}.twice; create function {s}.twice(p_value bigint) returns text language sql as 'select null::text'",
            "drop function \"{n}\".\"twice\"(p_value bigint)"
        },
    };

    [Theory, MemberData(nameof(WhatIsMissing))]
    public async Task What_is_missing_is_named_by_assert_and_added_by_the_next_apply(string sql, string name)
    {
        // Each leaves it as it was.
        var store = grown.Store;
        await store.ExecuteAsync(sql);

        var mismatch = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancelled));
        var report = await store.Schema.ApplyAsync(Cancelled);

        mismatch.Schema.ShouldBe(store.Name.Name);
        mismatch.Sql.ShouldContain(name.Replace("{n}", store.Name.Name, StringComparison.Ordinal));
        report.Applied.ShouldBe(mismatch.Sql);
        report.Drift.ShouldBeEmpty();
        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sql_of_the_exception_repairs_the_schema_when_it_is_run_by_hand()
    {
        await using var store = new StoreFixture(server);
        var mismatch = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancelled));

        await store.ExecuteAsync(mismatch.Sql);

        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restarted_sequence_is_made_to_count_its_shown_value_as_handed_out()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("alter sequence {s}.positions restart with 57");

        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<long>("select last_value from {s}.positions where is_called")).ShouldBe(57);
    }

    [Fact]
    public async Task A_new_document_type_gets_its_table()
    {
        await using var before = new StoreFixture(server);
        await before.Schema.ApplyAsync(Cancelled);
        await using var after = new StoreFixture(server, before.Name.Name, schema =>
            [
                .. StoreFixture.Everything(schema),
                .. FluentEventStore.Documents.DocumentsSchema.Objects(schema, [StoreFixture.Document<Guid>("new")], [])
            ]);

        var report = await after.Schema.ApplyAsync(Cancelled);

        report.Applied.ShouldContain("doc_new");
        report.Applied.ShouldNotContain("doc_customer");
        (await before.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_lock_tag_survives()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        var tag = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        await store.ExecuteAsync("comment on table {s}.store is null");

        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<short>("select lock_tag from {s}.store")).ShouldBe(tag);
    }

    public static TheoryData<string, string> WhatIsRefused => new()
    {
        { "alter table {s}.events alter column type_version type text", "alter column type_version type integer" },
        {
            "drop trigger fes_guard on {s}.streams; alter table {s}.streams alter column id type text collate \"default\"",
            "alter column id type text collate \"C\""
        },
        { "alter table {s}.events alter column data drop not null", "alter column data set not null" },
        { "alter table {s}.events alter column headers set not null", "alter column headers drop not null" },
        { "alter table {s}.streams alter column key drop identity", "add generated by default as identity" },
        { "alter table {s}.events rename constraint events_pkey to other", "rename constraint \"other\" to events_pkey" },
        { "alter table {s}.events drop constraint events_pkey, add constraint events_pkey primary key (id)", "primary key (\"position\")" },
        { "drop index {s}.events_id_key; create index events_id_key on {s}.events (id)", "drop index \"{n}\".events_id_key" },
        {
            "alter table {s}.store drop constraint store_lock_tag_check, add constraint store_lock_tag_check check (lock_tag >= 0)",
            "drop constraint store_lock_tag_check"
        },
        { "alter sequence {s}.positions cache 20", "cache 1" },
        { "alter sequence {s}.positions increment 2", "increment by 1" },
        { "alter sequence {s}.positions cycle", "no cycle" },
        { "alter table {s}.doc_year set unlogged", "set logged" },
        {
            "drop table {s}.doc_year; create view {s}.doc_year as select 1 as id",
            "-- \"{n}\".\"doc_year\" must be an ordinary table; it is a view."
        },
        {
            "insert into {s}.events select 1, 1, 1, gen_random_uuid(), '', 1, now(), '{}'; alter table {s}.events drop column stream",
            "stream"
        },
        {
            "drop index {s}.events_id_key; insert into {s}.events select n, n, n, '6f9619ff-8b86-d011-b42d-00c04fc964ff', '', 1, now(), "
                + "'{}' from generate_series(1, 2) n",
            "events_id_key"
        },
    };

    [Theory, MemberData(nameof(WhatIsRefused))]
    public async Task What_cannot_be_added_without_risk_is_refused_with_its_sql_and_nothing_is_applied(string sql, string missing)
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("drop table {s}.doc_customer");
        await store.ExecuteAsync(sql);

        var refused = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.ApplyAsync(Cancelled));
        var asserted = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancelled));

        refused.Sql.ShouldContain(missing.Replace("{n}", store.Name.Name, StringComparison.Ordinal));
        asserted.Sql.ShouldBe(refused.Sql);
        (await store.ScalarAsync<bool>("select to_regclass('{s}.doc_customer') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_table_that_is_partitioned_is_refused()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync(
            """
            drop table {s}.doc_year;
            create table {s}.doc_year (
              tenant text collate "C", id integer, data jsonb not null, version bigint not null, created_at timestamptz not null,
              modified_at timestamptz not null, deleted_at timestamptz, type text collate "C",
              constraint doc_year_pkey primary key (tenant, id))
              partition by list (tenant);
            create table {s}.doc_year_default partition of {s}.doc_year default;
            """);

        var refused = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.ApplyAsync(Cancelled));

        refused.Sql.ShouldContain("it is a partitioned table");
    }

    [Fact]
    public async Task A_table_of_somebody_else_with_the_name_of_ours_is_refused()
    {
        await using var store = new StoreFixture(server);
        await store.ExecuteAsync(
            "create schema {s}; create table {s}.store (name text); insert into {s}.store values ('the corner shop');");

        var refused = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.ApplyAsync(Cancelled));

        refused.InnerException.ShouldBeOfType<PostgresException>();
        (await store.ScalarAsync<string>("select name from {s}.store")).ShouldBe("the corner shop");
    }

    [Fact]
    public async Task An_apply_gives_up_when_somebody_holds_a_table_and_changes_nothing()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("drop table {s}.doc_year; alter table {s}.events drop column headers");
        await using var connection = await store.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var reading = new NpgsqlCommand($"select count(*) from {store.Name}.events", connection);
        await reading.ExecuteScalarAsync(Cancelled);

        var impatient = new StoreSchema(store.DataSource, store.Name, () => StoreFixture.Everything(store.Name))
        {
            LockTimeout = TimeSpan.FromMilliseconds(200),
            Patience = Eventually.HangGuard,
        };
        var failure = await Should.ThrowAsync<PostgresException>(() => impatient.ApplyAsync(Cancelled));

        failure.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        (await store.ScalarAsync<bool>("select to_regclass('{s}.doc_year') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_missing_is_reported_in_a_sentence_and_the_statements_separately()
    {
        await using var store = new StoreFixture(server);
        (await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancelled))).Message
            .ShouldBe(
                $"Schema '{store.Name.Name}' lacks what the store needs: schema {store.Name.Name} is missing. Call "
                    + "store.Schema.ApplyAsync() (in a host ApplySchemaOnStartup()), or run the statements in Sql.");
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync(
            "drop table {s}.audit; drop table {s}.units; drop table {s}.snapshots; drop table {s}.links; drop function "
                + "{s}.settled_position()");

        var missing = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancelled));

        missing.Message.ShouldContain(" is missing, ");
        missing.Message.ShouldContain(" more. Call store.Schema.ApplyAsync() (in a host");
        missing.Message.Length.ShouldBeLessThan(300);
        missing.Message.ShouldNotContain("create");
        missing.Sql.ShouldContain("create");
    }

    [Fact]
    public async Task An_apply_that_leaves_a_change_to_people_does_not_advise_to_apply()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("alter table {s}.units alter column numbers type int[]");
        await store.ForgetStampAsync();

        var refused = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.ApplyAsync(Cancelled));

        refused.Message.ShouldContain("table units differs");
        refused.Message.ShouldNotContain("ApplyAsync");
        refused.Message.ShouldNotContain("alter table");
        refused.Sql.ShouldContain("alter table");
    }

    /// <summary>A schema that has all.</summary>
    public sealed class Grown(PostgresServer server) : IAsyncLifetime
    {
        internal StoreFixture Store { get; } = new(server);

        public async ValueTask InitializeAsync() => await Store.Schema.ApplyAsync(Cancelled);

        public ValueTask DisposeAsync() => Store.DisposeAsync();
    }
}
