using System.Diagnostics;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;

namespace FluentEventStore.PostgresTests.Schema;

public sealed class ApplyTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_apply_creates_everything_and_the_second_does_nothing()
    {
        await using var store = new StoreFixture(server);
        var watch = Stopwatch.StartNew();

        var first = await store.Schema.ApplyAsync(Cancelled);
        var firstTook = watch.Elapsed;
        watch.Restart();
        var second = await store.Schema.ApplyAsync(Cancelled);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"first {firstTook.TotalMilliseconds:F1} ms, second {watch.Elapsed.TotalMilliseconds:F1} ms");

        first.Applied.ShouldContain("create schema");
        first.Drift.ShouldBeEmpty();
        second.Applied.ShouldBeEmpty();
        second.Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_check_after_an_apply_finds_nothing_to_do_in_any_object()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ForgetStampAsync();

        var report = await store.Schema.ApplyAsync(Cancelled);

        report.Applied.ShouldBeEmpty();
        report.Drift.ShouldBeEmpty();
        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_written_when_there_is_nothing_to_do()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        var before = await store.ScalarAsync<string>("select xmin::text from {s}.store");

        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<string>("select xmin::text from {s}.store")).ShouldBe(before);
    }

    [Theory]
    [InlineData(
        "streams",
        "key bigint, tenant text C, id text C, version bigint, aggregate_type text C null, created_at timestamp with time zone, "
            + "appended_at timestamp with time zone, state smallint, truncated_before bigint, linked boolean, rewritten integer")]
    [InlineData(
        "events",
        "position bigint, stream bigint, version bigint, id uuid, type text C, type_version integer, recorded_at timestamp with time "
            + "zone, data jsonb, correlation_id text C null, causation_id text C null, user_name text C null, headers jsonb null")]
    [InlineData("settled", "one_row boolean, position bigint")]
    [InlineData("snapshots", "stream bigint, aggregate text C, version bigint, rewritten integer, shape text C, data jsonb")]
    [InlineData(
        "doc_customer",
        "tenant text C, id uuid, data jsonb, version bigint, created_at timestamp with time zone, modified_at timestamp with time zone, "
            + "deleted_at timestamp with time zone null, type text C null")]
    [InlineData(
        "doc_order_line",
        "tenant text C, id bigint, data jsonb, version bigint, created_at timestamp with time zone, modified_at timestamp with time zone, "
            + "deleted_at timestamp with time zone null, type text C null")]
    [InlineData(
        "doc_country_v1",
        "tenant text C, id text C, data jsonb, version bigint, created_at timestamp with time zone, modified_at timestamp with time zone, "
            + "deleted_at timestamp with time zone null, type text C null, stream bigint null, rewritten integer null, "
            + "subjects jsonb null")]
    [InlineData(
        "doc_year",
        "tenant text C, id integer, data jsonb, version bigint, created_at timestamp with time zone, modified_at timestamp with time "
            + "zone, deleted_at timestamp with time zone null, type text C null")]
    public async Task A_table_has_exactly_its_columns(string table, string columns)
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);

        var found = await store.ScalarAsync<string>(
            $$"""
            select string_agg(
              concat_ws(' ', attname, format_type(atttypid, atttypmod), collname, case when not attnotnull then 'null' end),
              ', ' order by attnum)
            from pg_attribute left join pg_collation l on l.oid = attcollation
            where attrelid = '{s}.{{table}}'::regclass and attnum > 0
            """);

        found.ShouldBe(columns);
    }

    [Fact]
    public async Task The_keys_of_personal_data_have_a_schema_of_their_own()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<bool>("select to_regclass('{s}.subject_keys') is null")).ShouldBeTrue();
        (await store.ScalarAsync<string>("""
            select string_agg(
              concat_ws(' ', attname, format_type(atttypid, atttypmod), case when not attnotnull then 'null' end), ', ' order by attnum)
            from pg_attribute
            where attrelid = '{n}_keys.subject_keys'::regclass and attnum > 0
            """)).ShouldBe(
                "tenant text, subject text, key bytea null, created_at timestamp with time zone, "
                    + "forgotten_at timestamp with time zone null");
    }

    [Fact]
    public async Task Indexes_have_the_names_by_which_violations_are_distinguished()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);

        var names = await store.ScalarAsync<string[]>(
            "select array_agg(indexname::text order by indexname) from pg_indexes where schemaname = '{n}' and tablename in ('streams', "
                + "'events')");

        names.ShouldBe(["events_id_key", "events_pkey", "events_stream_version_key", "streams_pkey", "streams_tenant_id_key"]);
    }

    [Fact]
    public async Task Pages_of_streams_keep_room_for_their_updates()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<string[]>("select reloptions from pg_class where oid = '{s}.streams'::regclass")).ShouldBe(
            ["fillfactor=70"]);
    }

    [Fact]
    public async Task Position_0_is_used_up_and_the_first_position_drawn_is_1()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);

        (await store.ScalarAsync<long>("select last_value from {s}.positions where is_called")).ShouldBe(0);
        (await store.ScalarAsync<long>("select nextval('{s}.positions')")).ShouldBe(1);
    }

    [Fact]
    public async Task One_connection_is_enough()
    {
        await using var store = new StoreFixture(server, settings: "Maximum Pool Size=1;Timeout=60");

        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldNotBeEmpty();
        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failing_statement_surfaces_and_leaves_nothing_behind()
    {
        await using var store = new StoreFixture(server, objects: schema =>
            [
                .. StoreFixture.Everything(schema),
                new FunctionSchema(schema, new SqlIdentifier("broken")) { Arguments = "", Returns = "bigint", Body = "this is no plpgsql" }
            ]);

        var failure = await Should.ThrowAsync<PostgresException>(() => store.Schema.ApplyAsync(Cancelled));

        failure.SqlState.ShouldBe(PostgresErrorCodes.SyntaxError);
        (await store.ScalarAsync<bool>("select exists (select from pg_namespace where nspname = '{n}')")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_object_whose_spelling_never_matches_is_an_error_and_leaves_nothing_behind()
    {
        await using var store = new StoreFixture(server, objects: schema => [StoreFixture.Twice(schema, arguments: "p_value int8")]);

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => store.Schema.ApplyAsync(Cancelled));

        failure.Message.ShouldContain("twice");
        (await store.ScalarAsync<bool>("select exists (select from pg_namespace where nspname = '{n}')")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("user")]
    [InlineData("order")]
    [InlineData("left")]
    [InlineData("between")]
    public async Task A_reserved_word_may_name_the_schema(string name)
    {
        await using var store = new StoreFixture(server, name);
        await store.ExecuteAsync("drop schema if exists {s}, {n}_keys cascade");

        await store.Schema.ApplyAsync(Cancelled);
        await store.ForgetStampAsync();
        var second = await store.Schema.ApplyAsync(Cancelled);

        await store.ExecuteAsync("drop schema {s}, {n}_keys cascade");
        second.Applied.ShouldBeEmpty();
        second.Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_role_that_owns_the_schema_but_may_not_create_one_can_apply()
    {
        await using var owner = new StoreFixture(server);
        await owner.ExecuteAsync(
            "create schema {s}; create schema {n}_keys; create role {s} login password 'secret'; alter schema {s} owner to {s}; alter "
                + "schema {n}_keys owner to {s};");
        await using var store = new StoreFixture(server, owner.Name.Name, settings: $"Username={owner.Name.Name};Password=secret");

        var report = await store.Schema.ApplyAsync(Cancelled);

        report.Applied.ShouldNotContain("create schema");
        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        await owner.ExecuteAsync("drop owned by {s} cascade; drop role {s};");
    }

    [Fact]
    public async Task A_role_that_may_only_read_can_apply_where_nothing_is_missing()
    {
        await using var owner = new StoreFixture(server);
        await owner.Schema.ApplyAsync(Cancelled);
        await owner.ExecuteAsync(
            "create role {s} login password 'secret'; grant usage on schema {s} to {s}; grant select on all tables in schema {s} to {s}; "
                + "grant select on all sequences in schema {s} to {s}; grant usage on schema {n}_keys to {s}; grant select on all tables "
                + "in schema {n}_keys to {s};");
        await using var store = new StoreFixture(server, owner.Name.Name, settings: $"Username={owner.Name.Name};Password=secret");

        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        await owner.ForgetStampAsync();
        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        await owner.ExecuteAsync("drop owned by {s} cascade; drop role {s};");
    }

    [Fact]
    public async Task Documents_that_would_share_a_table_are_refused()
    {
        await using var store = new StoreFixture(server, objects: schema =>
            FluentEventStore.Documents.DocumentsSchema.Objects(
                schema, [StoreFixture.Document<Guid>("a-b"), StoreFixture.Document<Guid>("a_b")], []));

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => store.Schema.ApplyAsync(Cancelled));

        failure.Message.ShouldContain("'a-b' and 'a_b' would share the table doc_a_b");
    }
}
