using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>
/// Whatever becomes of a stream and of the row of its snapshot, readers get what the events of the stream lead to, and the stream takes
/// events.
/// </summary>
public sealed class SnapshotRuleTests(SnapshotRuleStore bank) : IClassFixture<SnapshotRuleStore>
{
    private readonly string _id = $"{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_shown_again_and_appended_to_in_one_unit_has_its_snapshot(bool deleted)
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b")));
        await bank.SaveAsync(events => Hide(events, deleted));
        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync();

        await bank.SaveAsync(events =>
        {
            Show(events, deleted);
            events.Append(_id, Notes("c"));
        });
        (await bank.RowAsync(_id)).ShouldBe(3);
        await ShouldBeAsync("a", "b", "c");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_hidden_has_no_snapshot_and_has_it_again_once_it_is_shown(bool deleted)
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b")));
        await bank.SaveAsync(events => Hide(events, deleted));
        await ShouldBeAsync();
        (await bank.RowAsync(_id)).ShouldBeNull();

        await bank.SaveAsync(events => Show(events, deleted));
        (await bank.RowAsync(_id)).ShouldBe(2);
        await ShouldBeAsync("a", "b");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_that_came_meanwhile_is_removed_by_a_unit_that_had_nothing_to_keep_when_it_was_folded(bool isCombined)
    {
        var id = Guid.Parse(_id);
        await using var store = bank.CreateStore(options => options.Events.GroupCommit.IsEnabled = isCombined);
        await using var session = store.OpenSession();
        await session.Events.FetchForWritingAsync<Account>(id, cancellationToken: Cancellation);
        session.Events.Append(id, new AccountClosed(id));
        await bank.SaveAsync(events => events.Append(id, new AccountOpened(id, "Ada", "EUR")));

        await session.SaveChangesAsync(Cancellation);

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_account where id = '{id}'")).ShouldBe(0L);
        await bank.ShouldAgreeAsync<Account>(id, id);
    }

    [Fact]
    public async Task An_event_that_ends_the_aggregate_of_a_stream_which_is_shown_again_removes_the_row()
    {
        var id = Guid.Parse(_id);
        await bank.SaveAsync(events => events.Append(id, new AccountOpened(id, "Ada", "EUR")));
        await bank.SaveAsync(events => events.ArchiveStream(id));
        await bank.SaveAsync(events =>
        {
            events.UnarchiveStream(id);
            events.Append(id, new AccountClosed(id));
        });
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_account where id = '{id}'")).ShouldBe(0L);
        await bank.ShouldAgreeAsync<Account>(id, id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_appended_to_and_erased_in_one_unit_has_no_snapshot(bool isKept)
    {
        if (isKept)
            await bank.SaveAsync(events => events.Append(_id, Notes("a")));

        foreach (var erase in (Action<IEventOperations>[])[events => events.HardDeleteStream(_id), events => events.TombstoneStream(_id)])
        {
            await bank.SaveAsync(events =>
            {
                events.Append(_id, Notes("b"));
                erase(events);
            });
            (await bank.RowAsync(_id)).ShouldBeNull();
            await ShouldBeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Truncating_and_compacting_fold_the_snapshot_again(bool appends)
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b", "c", "d")));
        await bank.SaveAsync(events =>
        {
            events.Append(_id, appends ? Notes("e") : []);
            events.TruncateStream(_id, 2);
        });
        string[] left = appends ? ["e"] : [];
        (await bank.RowAsync(_id)).ShouldBe(4 + left.Length);
        await ShouldBeAsync(["b", "c", "d", .. left]);

        await bank.SaveAsync(events =>
        {
            events.CompactStream(_id, 3, new NoteTaken("b and c"));
            events.CompactStream(_id, 4, new NoteTaken("all"));
        });
        (await bank.RowAsync(_id)).ShouldBe(4 + left.Length);
        await ShouldBeAsync(["all", .. left]);

        await bank.SaveAsync(events =>
        {
            events.Append(_id, Notes("f"));
            events.CompactStream(_id, 4 + left.Length + 1, new NoteTaken("everything"));
        });
        await ShouldBeAsync("everything");
        await bank.SaveAsync(events => events.Append(_id, Notes("g")));
        await ShouldBeAsync("everything", "g");
    }

    [Fact]
    public async Task A_row_that_was_folded_again_is_continued()
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b", "c")));
        await bank.SaveAsync(events =>
        {
            events.TruncateStream(_id, 2);
            events.CompactStream(_id, 3, new NoteTaken("b"));
        });

        // Nothing but the row says so.
        await bank.ExecuteAsync(
            $$"""update {schema}.doc_notebook_v1 set data = jsonb_set(data, '{notes}', '["from the row"]') where id = '{{_id}}'""");
        await bank.SaveAsync(events => events.Append(_id, Notes("d")));
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Notebook>(_id, Cancellation))!.Notes.ShouldBe(["from the row", "d"]);
    }

    [Fact]
    public async Task Truncating_what_is_archived_leaves_no_row_and_shows_what_is_left_later()
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b")));
        await bank.SaveAsync(events => events.ArchiveStream(_id));
        await bank.SaveAsync(events => events.TruncateStream(_id, 2));
        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync();

        await bank.SaveAsync(events => events.UnarchiveStream(_id));
        await ShouldBeAsync("b");
    }

    [Fact]
    public async Task Anything_that_a_store_without_snapshots_does_invalidates_the_row()
    {
        foreach (var (change, left) in (IEnumerable<(Action<IEventOperations>, string[])>)
        [
            (events => events.Append(_id, Notes("c")), ["a", "b", "c"]),
            (events => events.TruncateStream(_id, 2), ["b", "c"]),
            (events => events.CompactStream(_id, 2, new NoteTaken("B")), ["B", "c"]),
            (events => events.ArchiveStream(_id), []),
            (events => events.UnarchiveStream(_id), ["B", "c"]),
            (events => events.DeleteStream(_id), []),
            (events => events.UndeleteStream(_id), ["B", "c"]),
            (events => events.HardDeleteStream(_id), []),
            (events => events.Append(_id, Notes("x")), ["x"]),
            (events => events.TombstoneStream(_id), []),
        ])
        {
            if (await bank.RowAsync(_id) is null && left is ["a", ..])
                await bank.SaveAsync(events => events.Append(_id, Notes("a", "b")));

            await SnapshotRuleStore.SaveAsync(bank.Bare, change);
            await ShouldBeAsync(left);
        }
    }

    [Fact]
    public async Task A_row_of_an_earlier_life_of_the_stream_is_not_continued()
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b", "c")));
        var row = await bank.ExecuteAsync(
            $"select format('%s, %s, %s, %L', version, stream, rewritten, data) from {{schema}}.doc_notebook_v1 where id = '{_id}'");
        await SnapshotRuleStore.SaveAsync(bank.Bare, events => events.HardDeleteStream(_id));
        await PutBackAsync(row);
        await ShouldBeAsync();

        // Below the row's version, at it, and beyond it.
        for (var count = 1; count < 5; count++)
        {
            await SnapshotRuleStore.SaveAsync(bank.Bare, events => events.Append(_id, Notes($"{count}")));
            await ShouldBeAsync([.. Enumerable.Range(1, count).Select(static number => $"{number}")]);
        }

        await bank.SaveAsync(events => events.Append(_id, Notes("5")));
        await ShouldBeAsync("1", "2", "3", "4", "5");
        (await bank.RowAsync(_id)).ShouldBe(5);
    }

    [Theory]
    [InlineData("version = version + 1")]
    [InlineData("stream = stream + 1000000")]
    [InlineData("rewritten = rewritten + 1")]
    [InlineData("stream = null")]
    public async Task A_row_that_does_not_fit_its_stream_is_not_used_and_replaced(string tampering)
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a")));
        await bank.ExecuteAsync(
            $$"""update {schema}.doc_notebook_v1 set {{tampering}}, data = jsonb_set(data, '{notes}', '["wrong"]') where id = '{{_id}}'""");
        await ShouldBeAsync("a");

        await bank.SaveAsync(events => events.Append(_id, Notes("b")));
        await ShouldBeAsync("a", "b");
        (await bank.RowAsync(_id)).ShouldBe(2);
    }

    [Fact]
    public async Task A_row_that_was_deleted_comes_back_with_the_next_event()
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a")));
        await bank.ExecuteAsync($"delete from {{schema}}.doc_notebook_v1 where id = '{_id}'");
        await ShouldBeAsync("a");

        await bank.SaveAsync(events => events.Append(_id, Notes("b")));
        await ShouldBeAsync("a", "b");
    }

    [Fact]
    public async Task Masking_and_scrubbing_invalidate_the_row()
    {
        await using var store = bank.CreateStore(options => options.Events.Retention.ForStream(_id, keepLast: 2));
        await bank.SaveAsync(events => events.Append(_id, Notes("a", "b", "c")));
        await store.ScrubAsync(cancellationToken: Cancellation);
        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync("b", "c");

        await bank.SaveAsync(events => events.Append(_id, Notes("d")));
        (await bank.RowAsync(_id)).ShouldBe(4);
        await bank.Bare.Privacy.MaskAsync(_id, cancellationToken: Cancellation);
        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync("***", "***", "***");
    }

    [Fact]
    public async Task Two_snapshots_over_one_stream_are_both_kept_whoever_fetched_one_of_them_for_writing()
    {
        var id = Guid.Parse(_id);
        await bank.SaveAsync(events => events.Append(id, new AccountOpened(id, "Ada", "EUR"), new NoteTaken("a")));
        await bank.Store.ExecuteAsync<Account>(id, (_, _) => [new MoneyDeposited(id, 1), new NoteTaken("b")], Cancellation);
        await bank.Store.ExecuteAsync<Notebook>(id, (_, _) => [new MoneyDeposited(id, 2), new NoteTaken("c")], Cancellation);
        await bank.SaveAsync(events => events.Append(id, new MoneyDeposited(id, 4), new NoteTaken("d")));

        await bank.ShouldAgreeAsync<Account>(id, id);
        await ShouldBeAsync("a", "b", "c", "d");
        (await bank.RowAsync(_id)).ShouldBe(8);
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_account where id = '{_id}'")).ShouldBe(8L);
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync(id, Cancellation))!.AggregateType.ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_begins_with_a_fetch_for_writing_was_started_for_that_aggregate()
    {
        await bank.Store.ExecuteAsync<Notebook>(_id, (_, _) => [new NoteTaken("a")], Cancellation);
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync(_id, Cancellation))!.AggregateType.ShouldBe("notebook");
    }

    private static object[] Notes(params IEnumerable<string> texts) => [.. texts.Select(static text => new NoteTaken(text))];

    private void Hide(IEventOperations events, bool deleted)
    {
        if (deleted)
            events.DeleteStream(_id);
        else
            events.ArchiveStream(_id);
    }

    private void Show(IEventOperations events, bool deleted)
    {
        if (deleted)
            events.UndeleteStream(_id);
        else
            events.UnarchiveStream(_id);
    }

    private Task<object?> PutBackAsync(object? row) => bank.ExecuteAsync($$"""
        insert into {schema}.doc_notebook_v1 (tenant, id, created_at, modified_at, type, version, stream, rewritten, data)
        values ('default', '{{_id}}', now(), now(), 'notebook', {{row}})
        """);

    private async Task ShouldBeAsync(params string[] notes)
    {
        await bank.ShouldAgreeAsync<Notebook>(_id, _id);
        await using var session = bank.Bare.OpenQuerySession();
        var folded = await session.Events.AggregateStreamAsync<Notebook>(_id, cancellationToken: Cancellation);
        (folded?.Notes ?? []).ShouldBe(notes);
    }
}
