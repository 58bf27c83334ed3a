using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>
/// Whether a stream is archived stands in its own row, and in no row of its events, also in databases whose events have a column for it.
/// </summary>
public sealed class ArchivedRowTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private const string Rows = """
        select string_agg(concat_ws('|', e.ctid, e.xmin, e.xmax), ' ' order by e.position)
        from {schema}.events e
        join {schema}.streams s on s.key = e.stream
        where s.id = '{id}'
        """;

    // A view as an earlier version made it.
    private const string ShowTheColumn = """
        do $$
        declare
          v_now text := pg_get_viewdef('{schema}.event_note_taken'::regclass);
          v_before text := replace(v_now, '(s.state = 1) AS archived', 'e.archived');
        begin
          assert v_now <> v_before, v_now;
          execute 'create or replace view {schema}.event_note_taken as ' || v_before;
        end
        $$;
        select '{schema}.event_note_taken'::regclass::oid
        """;

    private readonly string _id = $"{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hiding_a_stream_and_showing_it_again_touches_no_row_of_its_events()
    {
        await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        var before = await RowsAsync(bank);

        await ChangeAsync(bank, static (events, id) => events.ArchiveStream(id));
        (await RowsAsync(bank)).ShouldBe(before);
        await ChangeAsync(bank, static (events, id) => events.UnarchiveStream(id));
        await ChangeAsync(bank, static (events, id) => events.DeleteStream(id));
        await ChangeAsync(bank, static (events, id) => events.UndeleteStream(id));

        (await RowsAsync(bank)).ShouldBe(before);
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_views_take_it_from_the_state_of_the_stream()
    {
        await bank.AppendAsync(_id, new NoteTaken("a"));
        await using var owner = bank.CreateOwnerStore();
        await owner.Schema.CreateEventViewsAsync(Cancellation);

        (await ShownAsync(bank)).ShouldBe("a:f");
        await ChangeAsync(bank, static (events, id) => events.ArchiveStream(id));
        (await ShownAsync(bank)).ShouldBe("a:t");
    }

    [Theory]
    [InlineData("archived boolean not null default false")]
    [InlineData("archived boolean")]
    public async Task A_database_with_the_column_keeps_it_unread_and_unwritten_and_works(string column)
    {
        await using var old = new BankStore(server);
        await old.InitializeAsync();
        await old.AppendAsync(_id, new NoteTaken("a"));
        await using var owner = old.CreateOwnerStore();
        await old.ExecuteAsync($"alter table {{schema}}.events add column {column}");
        await owner.Schema.CreateEventViewsAsync(Cancellation);
        var view = await old.ExecuteAsync(ShowTheColumn);
        var written = await old.ExecuteAsync("select max(archived::text) from {schema}.events");

        var applied = await owner.Schema.ApplyAsync(Cancellation);
        (applied.Applied, applied.Drift.Count).ShouldBe(("", 0));
        (await owner.Schema.AssertAsync(Cancellation)).Drift.ShouldBeEmpty();
        await owner.Schema.CreateEventViewsAsync(Cancellation);
        (await old.ExecuteAsync("select '{schema}.event_note_taken'::regclass::oid")).ShouldBe(view);

        await old.AppendAsync(_id, new NoteTaken("b"));
        await ChangeAsync(old, static (events, id) => events.ArchiveStream(id));
        (await old.FetchAsync(_id)).ShouldBeEmpty();
        (await ShownAsync(old)).ShouldBe("a:t b:t");
        await ChangeAsync(old, static (events, id) => events.UnarchiveStream(id));
        (await old.FetchAsync(_id)).Count.ShouldBe(2);
        (await ShownAsync(old)).ShouldBe("a:f b:f");

        (await old.Store.Transfer.ImportAsync(Imported(), Cancellation)).Imported.ShouldBe(1);
        (await old.ExecuteAsync("select max(archived::text) from {schema}.events")).ShouldBe(written);
        (await owner.Schema.ApplyAsync(Cancellation)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_column_that_refuses_what_the_store_inserts_is_drift_all_the_same()
    {
        await using var old = new BankStore(server);
        await old.InitializeAsync();
        await using var owner = old.CreateOwnerStore();
        await old.ExecuteAsync("alter table {schema}.events add column archived boolean not null");

        var drift = (await owner.Schema.AssertAsync(Cancellation)).Drift.ShouldHaveSingleItem();

        drift.Kind.ShouldBe(SchemaDriftKind.Column);
        drift.Description.ShouldBe("Column archived boolean is not null and has no default: rows that the store inserts are refused.");
    }

    [Fact]
    public async Task A_role_that_may_only_append_hides_no_stream()
    {
        Action<IEventOperations>[] verbs =
        [
            events => events.ArchiveStream(_id),
            events => events.DeleteStream(_id),
            events => events.TruncateStream(_id, 2),
        ];
        await bank.AppendAsync(_id, new NoteTaken("a"));
        var role = await ApplicationRole.CreateAppendingAsync(bank.ConnectionString);
        try
        {
            await role.GrantAsync(bank.Schema);
            await using var store = bank.CreateStore(options => options.Connection(role.Connect(bank.ConnectionString)));
            await BankStore.WriteOnceAsync(store);
            foreach (var hide in verbs)
            {
                await using var session = store.OpenSession();
                hide(session.Events);

                var refused = await Should.ThrowAsync<PostgresException>(() => session.SaveChangesAsync(Cancellation));
                refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
            }
        }
        finally
        {
            await role.DropAsync();
        }

        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    private static async IAsyncEnumerable<ImportedEvent> Imported()
    {
        await Task.CompletedTask;
        yield return new ImportedEvent("imported", 1, new NoteTaken("c")) { Timestamp = DateTimeOffset.UnixEpoch };
    }

    private async Task ChangeAsync(BankStore store, Action<IEventOperations, StreamId> change)
    {
        await using var session = store.Store.OpenSession();
        change(session.Events, _id);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<object?> RowsAsync(BankStore store) => await store.ExecuteAsync(Rows.Replace("{id}", _id, StringComparison.Ordinal));

    private async Task<object?> ShownAsync(BankStore store) => await store.ExecuteAsync(
        $"select string_agg(concat(text, ':', archived), ' ' order by version) from {{schema}}.event_note_taken where stream_id = '{_id}'");
}
