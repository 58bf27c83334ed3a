using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Events;

public abstract class ExpectedVersionTests(BankStore bank)
{
    private readonly StreamId _id = Guid.NewGuid();

    [Theory]
    [InlineData(0, "any")]
    [InlineData(0, "none")]
    [InlineData(2, "any")]
    [InlineData(2, "exists")]
    [InlineData(2, "2")]
    [InlineData(0, "0")]
    public async Task An_append_whose_expectation_holds_succeeds(int existing, string expected)
    {
        await GivenAsync(existing);

        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, Parse(expected), new NoteTaken("new"));
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        commit.Streams[_id].Version.ShouldBe(existing + 1);
    }

    [Theory]
    [InlineData(0, "exists")]
    [InlineData(0, "1")]
    [InlineData(2, "none")]
    [InlineData(2, "1")]
    [InlineData(2, "3")]
    [InlineData(2, "9223372036854775807")]
    public async Task An_append_whose_expectation_fails_tells_the_actual_version_and_writes_nothing(int existing, string expected)
    {
        await GivenAsync(existing);
        StreamId other = $"other-{_id}";

        await using var session = bank.Store.OpenSession();
        session.Events.Append(other, new NoteTaken("other"));
        session.Events.Append(_id, Parse(expected), new NoteTaken("new"));
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());

        conflict.StreamId.ShouldBe(_id);
        conflict.Expected.ShouldBe(Parse(expected));
        conflict.Actual.ShouldBe(existing);
        (await bank.FetchAsync(_id)).Count.ShouldBe(existing);
        (await bank.FetchAsync(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_is_still_usable_after_a_conflict()
    {
        await GivenAsync(1);
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.Exactly(7), new NoteTaken("stale"));
        await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());

        session.EjectAllPendingChanges();
        session.Events.Append(_id, ExpectedVersion.Exactly(1), new NoteTaken("fresh"));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(2);
    }

    [Fact]
    public async Task Starting_a_stream_that_exists_throws_and_writes_nothing()
    {
        await GivenAsync(3);
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream(_id, new NoteTaken("again"));
        var refusal = await Should.ThrowAsync<StreamAlreadyExistsException>(() => session.SaveChangesAsync());

        refusal.StreamId.ShouldBe(_id);
        refusal.Actual.ShouldBe(3);
        (await bank.FetchAsync(_id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Starting_a_stream_twice_in_one_session_throws_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream(_id, new NoteTaken("once"));
        Should.Throw<StreamAlreadyExistsException>(() => session.Events.StartStream(_id, new NoteTaken("twice"))).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task Expectations_of_later_calls_count_the_events_of_earlier_ones()
    {
        await GivenAsync(2);
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.Exactly(2), new NoteTaken("3"));
        session.Events.Append(_id, ExpectedVersion.StreamExists, new NoteTaken("4"));
        session.Events.Append(_id, ExpectedVersion.Exactly(4), new NoteTaken("5"));
        session.Events.Append(_id, new NoteTaken("6"));

        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].ShouldBe(new StreamCommit(3, 6));
    }

    [Fact]
    public async Task Expectations_that_contradict_each_other_throw_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.Exactly(2), new NoteTaken("3"));
        Should.Throw<InvalidOperationException>(() => session.Events.Append(_id, ExpectedVersion.Exactly(7), new NoteTaken("8")));
        Should.Throw<InvalidOperationException>(() => session.Events.Append(_id, ExpectedVersion.NoStream, new NoteTaken("1")));
        Should.Throw<InvalidOperationException>(() => session.Events.Append($"{_id}", ExpectedVersion.Exactly(0), new NoteTaken("1")));
    }

    [Fact]
    public void A_negative_version_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ExpectedVersion.Exactly(-1));

    [Fact]
    public async Task Exactly_one_of_fifty_writers_with_the_same_expectation_wins()
    {
        await GivenAsync(1);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(async index =>
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append(_id, ExpectedVersion.Exactly(1), new NoteTaken($"{index}"));
            try
            {
                await session.SaveChangesAsync(TestContext.Current.CancellationToken);
                return 2L;
            }
            catch (StreamVersionConflictException conflict)
            {
                return -conflict.Actual;
            }
        }));

        outcomes.Count(outcome => outcome == 2).ShouldBe(1);
        outcomes.Count(outcome => outcome == -2).ShouldBe(49);
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_integer_in_place_of_an_expected_version_is_refused_as_it_is_not_an_event()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.Append(_id, (object)5L, new NoteTaken("x"))).Message.ShouldContain("Int64");
    }

    private static ExpectedVersion Parse(string expected) => expected switch
    {
        "any" => ExpectedVersion.Any,
        "none" => ExpectedVersion.NoStream,
        "exists" => ExpectedVersion.StreamExists,
        _ => ExpectedVersion.Exactly(long.Parse(expected)),
    };

    private async Task GivenAsync(int count)
    {
        if (count > 0)
            await bank.AppendAsync(_id, [.. Enumerable.Range(1, count).Select(index => new NoteTaken($"{index}"))]);
    }

    [Fact]
    public async Task When_64_writers_append_at_the_version_that_they_read_exactly_the_successful_ones_are_in_the_stream()
    {
        const int Writers = 64;
        const int WinsOfEach = 3;
        StreamId id = Guid.NewGuid();
        var token = TestContext.Current.CancellationToken;

        var versions = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                List<long> won = [];
                while (won.Count < WinsOfEach)
                {
                    await using var session = bank.Store.OpenSession();
                    var version = (await session.Events.FetchStreamStateAsync(id, token))?.Version ?? 0;
                    session.Events.Append(id, ExpectedVersion.Exactly(version), new NoteTaken($"{writer}"));
                    try
                    {
                        won.Add((await session.SaveChangesAsync(token)).Streams[id].Version);
                        won[^1].ShouldBe(version + 1);
                    }
                    catch (StreamVersionConflictException conflict)
                    {
                        conflict.Actual.ShouldBeGreaterThan(version);
                    }
                }

                return won;
            },
            token)));

        versions.SelectMany(static won => won)
            .Order()
            .ShouldBe(Enumerable.Range(1, Writers * WinsOfEach).Select(static version => (long)version));
        (await bank.FetchAsync(id)).Count.ShouldBe(Writers * WinsOfEach);
    }

    [Fact]
    public async Task A_version_is_enforced_without_appending()
    {
        StreamId id = Guid.NewGuid();
        StreamId other = $"other-{id}";
        await bank.AppendAsync(id, new NoteTaken("a"), new NoteTaken("b"));

        await using var session = bank.Store.OpenSession();
        session.Events.Expect(id, ExpectedVersion.Exactly(1));
        session.Events.Append(other, new NoteTaken("x"));
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(
            () => session.SaveChangesAsync(TestContext.Current.CancellationToken));
        (conflict.StreamId, conflict.Actual).ShouldBe((id, 2));
        (await bank.FetchAsync(other)).ShouldBeEmpty();

        session.EjectAllPendingChanges();
        session.Events.Expect(id, ExpectedVersion.Exactly(2));
        session.Events.Append(other, new NoteTaken("x"));
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        commit.Streams.Keys.ShouldBe([other]);
        (await bank.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("99", false)]
    [InlineData("none", false)]
    [InlineData("exists", true)]
    [InlineData("2", true)]
    [InlineData("any", true)]
    public async Task A_version_is_enforced_even_if_there_is_nothing_to_append(string expected, bool holds)
    {
        await GivenAsync(2);
        StreamId other = $"other-{_id}";
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, Parse(expected), new List<object>());
        session.Events.Append(other, new NoteTaken("x"));

        if (holds)
            (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams.Keys.ShouldBe([other]);
        else
            (await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync())).Expected.ShouldBe(Parse(expected));

        (await bank.FetchAsync(other)).Count.ShouldBe(holds ? 1 : 0);
    }

    [Fact]
    public async Task A_stream_that_is_expected_to_exist_is_not_started()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Expect(_id, ExpectedVersion.StreamExists);
        Should.Throw<InvalidOperationException>(() => session.Events.StartStream(_id, new NoteTaken("new")));
        await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_expectation_of_no_stream_is_enforced_and_creates_no_stream()
    {
        StreamId missing = $"missing-{Guid.NewGuid()}";
        await using var session = bank.Store.OpenSession();
        session.Events.Expect(missing, ExpectedVersion.NoStream);
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Position.ShouldBe(0);
        (await session.Events.FetchStreamStateAsync(missing, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where id = '{missing}'")).ShouldBe(0L);
        (await bank.AppendAsync(missing, new NoteTaken("a"))).Streams[missing].Version.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_was_expected_not_to_exist_is_created_by_its_first_event(bool appendsToAnother)
    {
        StreamId missing = $"missing-{Guid.NewGuid()}";
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-1));
        await using var store = bank.CreateStore(options => options.TimeProvider = time);
        await using var session = store.OpenSession(new SessionOptions { Idempotent = appendsToAnother });
        session.Events.Append(missing, ExpectedVersion.NoStream);
        if (appendsToAnother)
            session.Events.Append(_id, new NoteTaken("x"));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams.ContainsKey(missing).ShouldBeFalse();

        time.Advance(TimeSpan.FromHours(3));
        session.Events.Append(missing, new NoteTaken("a"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var state = await session.Events.FetchStreamStateAsync(missing, TestContext.Current.CancellationToken);
        state!.Created.ShouldBe(state.LastAppended);
    }

    [Fact]
    public async Task A_unit_that_expects_no_stream_keeps_others_from_starting_it_meanwhile()
    {
        var streams = Enumerable.Range(0, 40).Select(number => (StreamId)$"contended-{_id}-{number}").ToList();
        await Task.WhenAll(streams.SelectMany(id => new Func<Task<bool>>[]
        {
            () => SaveAsync(session => session.Events.Append(id, new NoteTaken("started"))),
            () => SaveAsync(session =>
            {
                session.Events.Expect(id, ExpectedVersion.NoStream);
                session.Events.Append($"witness-{id}", new NoteTaken("there was none"));
            }),
        }).Select(static work => Task.Run(work)));

        foreach (var id in streams)
        {
            var started = (await bank.FetchAsync(id)).ShouldHaveSingleItem();
            if ((await bank.FetchAsync($"witness-{id}")).SingleOrDefault() is { } witness)
                witness.Position.ShouldBeLessThan(started.Position);
        }

        async Task<bool> SaveAsync(Action<IDocumentSession> work)
        {
            await using var session = bank.Store.OpenSession();
            work(session);
            try
            {
                await session.SaveChangesAsync(TestContext.Current.CancellationToken);
                return true;
            }
            catch (StreamVersionConflictException)
            {
                return false;
            }
        }
    }
}
