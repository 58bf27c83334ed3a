using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public abstract class IdempotencyTests(BankStore bank)
{
    private readonly StreamId _id = Guid.NewGuid();
    private readonly Guid _first = Guid.NewGuid();
    private readonly Guid _second = Guid.NewGuid();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unit_saved_again_is_skipped_as_a_whole_and_returns_its_first_commit(bool withExpectation)
    {
        await bank.AppendAsync(_id, new NoteTaken("before"));
        var expected = withExpectation ? ExpectedVersion.Exactly(1) : ExpectedVersion.Any;
        var first = await SaveAsync(expected);
        await bank.AppendAsync(_id, new NoteTaken("after"));

        var again = await SaveAsync(expected);

        again.Position.ShouldBe(first.Position);
        again.Streams.ShouldBe(first.Streams);
        (await bank.FetchAsync(_id)).Select(e => ((NoteTaken)e.Data).Text).ShouldBe(["before", "a", "b", "after"]);
    }

    [Fact]
    public async Task A_unit_over_several_streams_saved_again_returns_its_first_commit()
    {
        StreamId other = $"other-{_id}";
        var first = await SaveAsync();
        var again = await SaveAsync();

        again.Streams.Keys.ShouldBe([_id, other], ignoreOrder: true);
        again.Streams.ShouldBe(first.Streams, ignoreOrder: true);
        again.Position.ShouldBe(first.Position);

        async Task<Commit> SaveAsync()
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append(_id, new NoteTaken("a")).WithEventId(_first);
            session.Events.StartStream(other, new NoteTaken("b")).WithEventId(_second);
            return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_started_stream_saved_again_is_not_a_collision()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var session = bank.Store.OpenSession();
            session.Events.StartStream(_id, new NoteTaken("a")).WithEventId(_first);
            (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Units_with_the_same_ids_saved_at_the_same_time_are_written_once()
    {
        var commits = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SaveAsync(ExpectedVersion.Any)));

        commits.Select(commit => commit.Position).Distinct().ShouldHaveSingleItem();
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_unit_of_which_only_some_ids_exist_is_refused_and_writes_nothing()
    {
        await SaveAsync(ExpectedVersion.Any);

        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b"), new NoteTaken("c"))
            .WithEventIds([_first, _second, Guid.NewGuid()]);
        var refusal = await Should.ThrowAsync<DuplicateEventException>(() => session.SaveChangesAsync());

        refusal.EventIds.ShouldBe([_first, _second]);
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("another stream")]
    [InlineData("another type")]
    [InlineData("another order")]
    [InlineData("another tenant")]
    public async Task Ids_that_exist_elsewhere_are_refused(string difference)
    {
        await SaveAsync(ExpectedVersion.Any);

        await using var session = bank.Store.OpenSession(difference == "another tenant" ? "red" : default(TenantId));
        StreamId stream = difference == "another stream" ? $"other-{_id}" : _id;
        object a = difference == "another type" ? new AccountClosed(Guid.NewGuid()) : new NoteTaken("a");
        Guid[] ids = difference == "another order" ? [_second, _first] : [_first, _second];
        session.Events.Append(stream, a, new NoteTaken("b")).WithEventIds(ids);
        var refusal = await Should.ThrowAsync<DuplicateEventException>(() => session.SaveChangesAsync());

        refusal.EventIds.ShouldBe(ids);
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_unit_that_repeats_an_id_is_refused()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b")).WithEventIds([_first, _first]);
        (await Should.ThrowAsync<DuplicateEventException>(() => session.SaveChangesAsync())).EventIds.ShouldBe([_first]);

        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_cannot_be_given_to_several_events_nor_be_empty()
    {
        await using var session = bank.Store.OpenSession();
        var two = session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b"));
        Should.Throw<InvalidOperationException>(() => two.WithEventId(_first));
        Should.Throw<ArgumentException>(() => two.WithEventIds([_first]));
        Should.Throw<ArgumentException>(() => two.WithEventIds([_first, Guid.Empty]));
    }

    [Fact]
    public async Task A_session_whose_save_was_canceled_can_save_again()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await Should.ThrowAsync<OperationCanceledException>(() => session.SaveChangesAsync(new CancellationToken(canceled: true)));

        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    private async Task<Commit> SaveAsync(ExpectedVersion expected)
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, expected, new NoteTaken("a"), new NoteTaken("b")).WithEventIds([_first, _second]);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
