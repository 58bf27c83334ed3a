using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

public sealed class InlineSnapshotTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_snapshot_is_committed_with_its_events_and_loaded_like_a_document()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
        (await LoadAsync()).ShouldBe(new Account(_id, "Ada", 100m));

        await bank.AppendAsync(_id, new MoneyWithdrawn(_id, 30));
        (await LoadAsync()).ShouldBe(new Account(_id, "Ada", 70m));
        (await VersionAsync()).ShouldBe(3L);
    }

    [Fact]
    public async Task A_snapshot_is_deleted_by_an_event_and_created_again_by_a_later_one()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await bank.AppendAsync(_id, new AccountClosed(_id));
        (await LoadAsync()).ShouldBeNull();

        await bank.AppendAsync(_id, new AccountOpened(_id, "Grace", "EUR"), new MoneyDeposited(_id, 1));
        (await LoadAsync()).ShouldBe(new Account(_id, "Grace", 1m));
    }

    [Fact]
    public async Task Several_snapshots_are_kept_in_one_unit_over_several_streams()
    {
        var other = Guid.NewGuid();
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"));
        session.Events.Append(other, new AccountOpened(other, "Grace", "EUR"));
        session.Events.Append(_id, new NoteTaken("both snapshots concern this stream"));
        session.Store(new Customer { Id = _id, Name = "Ada" });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await session.LoadAsync<Account>(_id, TestContext.Current.CancellationToken))!.Owner.ShouldBe("Ada");
        (await session.LoadAsync<Account>(other, TestContext.Current.CancellationToken))!.Owner.ShouldBe("Grace");
        (await session.LoadAsync<Notebook>(_id.ToString(), TestContext.Current.CancellationToken))!.Versions.ShouldBe([2]);
        (await session.LoadAsync<Customer>(_id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_snapshot_that_no_longer_fits_is_reported_with_its_path_and_made_again_once_its_row_is_deleted()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
        await bank.ExecuteAsync(
            $$"""update {schema}.doc_account set data = jsonb_set(data, '{balance}', '"a lot"') where id = '{{_id}}'""");

        (await Should.ThrowAsync<DocumentSerializationException>(() => LoadAsync())).Path.ShouldBe("$.balance");
        (await Should.ThrowAsync<DocumentSerializationException>(() => bank.AppendAsync(_id, new MoneyDeposited(_id, 1)))).Path.ShouldBe(
            "$.balance");
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);

        await bank.ExecuteAsync($"delete from {{schema}}.doc_account where id = '{_id}'");
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));
        (await LoadAsync()).ShouldBe(new Account(_id, "Ada", 101m));
    }

    [Fact]
    public async Task A_snapshot_that_is_new_to_an_old_stream_is_made_of_all_its_events()
    {
        await using var before = bank.CreateStoreWithoutSnapshots();
        await using (var session = before.OpenSession())
        {
            session.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));
        (await LoadAsync()).ShouldBe(new Account(_id, "Ada", 101m));
    }

    [Fact]
    public async Task A_snapshot_that_was_left_behind_is_caught_up()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using (var without = bank.CreateStoreWithoutSnapshots())
        await using (var session = without.OpenSession())
        {
            session.Events.Append(_id, new MoneyDeposited(_id, 100), new NoteTaken("a"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using (var session = bank.Store.OpenSession())
            (await session.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken))!.Balance.ShouldBe(100m);

        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));
        (await LoadAsync())!.Balance.ShouldBe(101m);
        (await VersionAsync()).ShouldBe(4L);
    }

    [Fact]
    public async Task Changing_what_a_fetch_returned_changes_no_snapshot()
    {
        await bank.AppendAsync(_id.ToString(), new NoteTaken("a"));
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: TestContext.Current.CancellationToken);
        stream.Aggregate!.Notes.Add("tampered");
        stream.Append(new NoteTaken("b"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await session.LoadAsync<Notebook>(_id.ToString(), TestContext.Current.CancellationToken))!.Notes.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_fold_that_throws_writes_nothing()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        session.Events.Append(_id, new NoteTaken("poison"));
        (await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync())).Message.ShouldContain("cannot be taken");

        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_started_for_an_aggregate_whose_id_it_cannot_have_is_refused_and_nothing_is_written()
    {
        StreamId id = $"text-{_id}";
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Account>(id, new AccountOpened(_id, "Ada", "EUR"));
        (await Should.ThrowAsync<ArgumentException>(() => session.SaveChangesAsync())).Message.ShouldContain("Account");
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchForWritingAsync<Account>(id));

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_whose_id_a_snapshot_cannot_have_is_appended_to_without_one()
    {
        StreamId id = $"text-{_id}";
        await bank.AppendAsync(id, new AccountOpened(_id, "Ada", "EUR"));

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
        (await LoadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_was_started_for_another_aggregate_has_a_snapshot_of_each_that_handles_its_events()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Notebook>(_id, new NoteTaken("a"), new AccountOpened(_id, "Ada", "EUR"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));

        (await LoadAsync()).ShouldBe(new Account(_id, "Ada", 1m));
        (await VersionAsync()).ShouldBe(3L);
        (await session.LoadAsync<Notebook>(_id.ToString(), TestContext.Current.CancellationToken))!.Notes.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_snapshot_cannot_be_stored_or_deleted_by_hand()
    {
        await using var session = bank.Store.OpenSession();
#pragma warning disable FES0051 // What the compiler is told, the store says too.
        Should.Throw<ArgumentException>(() => session.Store(new Account(_id, "Ada", 1)));
#pragma warning restore FES0051
        Should.Throw<ArgumentException>(() => session.Delete<Account>(_id));
    }

    [Fact]
    public async Task A_unit_with_snapshots_and_documents_saved_again_is_skipped_as_a_whole()
    {
        var eventId = Guid.NewGuid();
        var first = await SaveAsync("Ada");
        var again = await SaveAsync("Grace");

        again.Position.ShouldBe(first.Position);
        (await LoadAsync())!.Owner.ShouldBe("Ada");
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Customer>(_id, TestContext.Current.CancellationToken))!.Name.ShouldBe("Ada");

        async Task<Commit> SaveAsync(string name)
        {
            await using var session = bank.Store.OpenSession();
            session.Events.StartStream<Account>(_id, new AccountOpened(_id, name, "EUR")).WithEventId(eventId);
            session.Insert(new Customer { Id = _id, Name = name });
            return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task In_a_fold_the_version_is_known_and_the_position_is_not()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new PositionAsked());
        (await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync())).Message.ShouldContain("position");
    }

    private async Task<Account?> LoadAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadAsync<Account>(_id, TestContext.Current.CancellationToken);
    }

    private Task<object?> VersionAsync() => bank.ExecuteAsync($"select version from {{schema}}.doc_account where id = '{_id}'");
}
