using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Postgres;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>Keys in the database: who can change them, who can read them, and where they go.</summary>
public sealed class SubjectKeysTableTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"));

    [Theory]
    [InlineData("update {schema}_keys.subject_keys set key = sha256('mine') where subject = '{id}'")]
    [InlineData("update {schema}_keys.subject_keys set subject = 'x' where subject = '{id}'")]
    [InlineData("update {schema}_keys.subject_keys set tenant = 'x' where subject = '{id}'")]
    [InlineData("update {schema}_keys.subject_keys set created_at = now() where subject = '{id}'")]
    [InlineData("update {schema}_keys.subject_keys set forgotten_at = null, key = sha256('mine') where subject = '{id}-forgotten'")]
    [InlineData("update {schema}_keys.subject_keys set forgotten_at = now() where subject = '{id}-forgotten'")]
    [InlineData("update {schema}_keys.subject_keys set key = sha256('mine'), forgotten_at = null where subject = '{id}-forgotten'")]
    [InlineData("delete from {schema}_keys.subject_keys where subject = '{id}-forgotten'")]
    [InlineData("delete from {schema}_keys.subject_keys where subject = '{id}'")]
    [InlineData("truncate {schema}_keys.subject_keys")]
    [InlineData(
        "insert into {schema}_keys.subject_keys values ('default', '{id}', sha256('mine'), now(), null) on conflict (tenant, subject) do "
            + "update set key = excluded.key")]
    [InlineData(
        "select set_config('fes.permit', 'forget', true); "
            + "update {schema}_keys.subject_keys set key = sha256('mine') where subject = '{id}'")]
    [InlineData("select set_config('fes.permit', 'forget', true); delete from {schema}_keys.subject_keys where subject = '{id}'")]
    public async Task Nobody_replaces_a_key_brings_one_back_or_removes_a_row(string sql)
    {
        await bank.AppendAsync(_id, Ada);
        _ = await bank.Store.Privacy.ForgetAsync($"{_id}-forgotten", cancellationToken: Cancellation);
        var before = await DescribeAsync();

        var refused = await Should.ThrowAsync<PostgresException>(
            () => bank.ExecuteAsync(sql.Replace("{id}", $"{_id}", StringComparison.Ordinal)));
        refused.SqlState.ShouldBe("FE011");

        (await DescribeAsync()).ShouldBe(before);
        (await bank.FetchAsync(_id))[0].Data.ShouldBe(Ada);

        Task<object?> DescribeAsync() =>
            bank.ExecuteAsync(
                $"select string_agg(k::text, '|' order by subject) from {{schema}}_keys.subject_keys k where subject ^@ '{_id}'");
    }

    [Theory]
    [InlineData("'short'")]
    [InlineData("''")]
    public async Task A_key_of_another_length_is_refused(string key) =>
        (await Should.ThrowAsync<PostgresException>(
            () => bank.ExecuteAsync($"insert into {{schema}}_keys.subject_keys values ('default', '{_id}', {key}, now(), null)"))).SqlState
            .ShouldBe(PostgresErrorCodes.CheckViolation);

    [Fact]
    public async Task Forgetting_is_recorded_with_the_role_that_did_it_even_if_it_was_done_by_hand()
    {
        await bank.AppendAsync(_id, Ada, new MoneySent(new PersonId(_id), "Ada", 4711, "Charles", 1m));
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        await bank.ExecuteAsync("update {schema}_keys.subject_keys set key = null, forgotten_at = now() where subject = '4711'");

        (await bank.ExecuteAsync(
            $"select string_agg(tenant || ' ' || (detail->>'subject'), ',' order by key) from {{schema}}.audit "
                + $"where verb = 'forget' and role <> '' and detail->>'subject' in ('{_id}', '4711')"))
            .ShouldBe($"default {_id},default 4711");
    }

    [Fact]
    public async Task Forgetting_by_hand_counts_as_forgetting()
    {
        await bank.AppendAsync(_id, Ada);
        await bank.ExecuteAsync($"update {{schema}}_keys.subject_keys set key = null, forgotten_at = now() where subject = '{_id}'");

        (await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation)).Outcome.ShouldBe(ForgetOutcome.ForgottenBefore);
        await using var store = bank.CreateStore();
        await using var session = store.OpenQuerySession();
        ((PersonRegistered)(await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation))[0].Data).Email.ShouldBe(
            "(forgotten)");
    }

    [Fact]
    public async Task Many_that_forget_while_others_write_agree_on_what_was_done()
    {
        var outcomes = new ConcurrentBag<ForgetOutcome>();
        await Parallel.ForAsync(0, 24, Cancellation, async (index, cancellationToken) =>
        {
            await using var store = bank.CreateStore();
            if (index % 3 == 0)
            {
                outcomes.Add((await store.Privacy.ForgetAsync(_id, cancellationToken: cancellationToken)).Outcome);
                return;
            }

            await using var session = store.OpenSession();
            session.Events.Append($"{_id}-{index}", Ada);
            await Record.ExceptionAsync(() => session.SaveChangesAsync(cancellationToken));
        });

        outcomes.Count(static outcome => outcome != ForgetOutcome.ForgottenBefore).ShouldBe(1);
        await using var reader = bank.CreateStore();
        await using var query = reader.OpenQuerySession();
        (await query.Events.ReadAllAsync(new EventFilter().OfStreams($"{_id}"), Cancellation).ToListAsync(Cancellation))
            .ShouldAllBe(static e => ((PersonRegistered)e.Data).Name == "");
    }

    [Fact]
    public async Task A_role_that_reports_on_all_tables_of_the_store_sees_no_key()
    {
        await bank.AppendAsync(_id, Ada);
        var role = $"{bank.Schema}_reports";
        await bank.ExecuteAsync(
            $"create role {role} login password 'secret'; grant usage on schema {{schema}} to {role}; grant select on all tables in "
                + $"schema {{schema}} to {role}");
        try
        {
            await using var reports = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(bank.ConnectionString)
            {
                Username = role,
                Password = "secret",
                Pooling = false
            }.ConnectionString);
            await using var events = reports.CreateCommand(
                $"select data->>'plan' from {bank.Schema}.events where data->>'personId' = '{_id}'");
            (await events.ExecuteScalarAsync(Cancellation)).ShouldBe("free");
            await using var keys = reports.CreateCommand($"select * from {bank.Schema}_keys.subject_keys");
            (await Should.ThrowAsync<PostgresException>(() => keys.ExecuteScalarAsync(Cancellation))).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            await bank.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    public async Task The_log_of_the_server_contains_no_key()
    {
        await using var dataSource = ServerLog.LogStatements(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.DataSource(dataSource));
        await using (var session = store.OpenSession())
        {
            session.Events.Append(_id, Ada);
            await session.SaveChangesAsync(Cancellation);
            (await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation))[0].Data.ShouldBe(Ada);
        }

        var key = (string)(await bank.ExecuteAsync(
            $"select encode(key, 'hex') from {{schema}}_keys.subject_keys where subject = '{_id}'"))!;
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);

        var log = await ServerLog.ReadOrSkipAsync(bank);
        log.ShouldContain($"\"{bank.Schema}_keys\".\"subject_keys\"");
        log.ShouldContain($"'{{{_id}}}'");
        log.Contains(key, StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_key_is_different_and_has_256_bits()
    {
        await bank.AppendAsync(_id, new GuestsInvited([.. Enumerable.Range(0, 200).Select(index => new Guest($"{_id}-{index}", "x"))]));
        (await bank.ExecuteAsync(
            $"select count(distinct key) from {{schema}}_keys.subject_keys where subject ^@ '{_id}' and length(key) = 32"))
            .ShouldBe(200L);
    }

    [Fact]
    public void A_schema_whose_keys_could_not_be_named_is_refused()
    {
        Should.Throw<ArgumentException>(() => EventStore.For(options => options.Schema = new string('s', 59))).Message
            .ShouldContain("_keys");
        Should.Throw<ArgumentException>(() => EventStore.For(options => options.Schema = "event_store_keys")).Message
            .ShouldContain("'event_store'");
        EventStore.For(options =>
        {
            options.Connection(bank.ConnectionString);
            options.Schema = new string('s', 58);
        });
    }
}
