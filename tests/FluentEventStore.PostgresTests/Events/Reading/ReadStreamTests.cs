using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

public abstract class ReadStreamTests(BankStore bank)
{
    private readonly StreamId _id = Guid.NewGuid();

    [Fact]
    public async Task An_unknown_stream_has_no_events_and_no_state()
    {
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await session.Events.ReadStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken)
            .CountAsync(TestContext.Current.CancellationToken))
            .ShouldBe(0);
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1, null, null, false, "1 2 3 4 5")]
    [InlineData(3, null, null, false, "3 4 5")]
    [InlineData(2, 4L, null, false, "2 3 4")]
    [InlineData(1, null, 2, false, "1 2")]
    [InlineData(6, null, null, false, "")]
    [InlineData(1, null, null, true, "5 4 3 2 1")]
    [InlineData(1, null, 2, true, "5 4")]
    [InlineData(2, 3L, null, true, "3 2")]
    public async Task A_part_of_a_stream_is_read_in_either_direction(long from, long? to, int? count, bool backwards, string expected)
    {
        await bank.AppendAsync(_id, [.. Enumerable.Range(1, 5).Select(index => new NoteTaken($"{index}"))]);
        await using var session = bank.Store.OpenQuerySession();

        var fetched = await session.Events.FetchStreamAsync(
            _id, new StreamRange { From = from, To = to, MaxCount = count, Backwards = backwards }, TestContext.Current.CancellationToken);
        var read = await session.Events.ReadStreamAsync(
            _id,
            new StreamRange { From = from, To = to, MaxCount = count, Backwards = backwards },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        string.Join(' ', fetched.Select(e => e.Version)).ShouldBe(expected);
        string.Join(' ', read.Select(e => e.Version)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_read_up_to_a_time(bool backwards)
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        var until = (await bank.FetchAsync(_id))[0].Timestamp;
        await bank.AppendAsync(_id, new NoteTaken("3"));

        await using var session = bank.Store.OpenQuerySession();
        var events = await session.Events.FetchStreamAsync(
            _id,
            new StreamRange { Until = until.ToOffset(TimeSpan.FromHours(5)), Backwards = backwards },
            TestContext.Current.CancellationToken);
        events.Select(e => e.Version).ShouldBe(backwards ? [2, 1] : [1, 2]);
    }

    [Theory]
    [InlineData("compact", false, true)]
    [InlineData("compact", true, true)]
    [InlineData("compact behind", false, false)]
    [InlineData("truncate", false, true)]
    [InlineData("truncate", true, true)]
    [InlineData("truncate behind", false, false)]
    [InlineData("archive", false, true)]
    [InlineData("delete", true, true)]
    [InlineData("append", false, false)]
    public async Task A_stream_whose_past_changes_while_it_is_read_in_pages_is_not_a_mixture(
        string verb, bool backwards, bool isRefused)
    {
        await bank.AppendAsync(_id, [.. Enumerable.Range(1, 1_203).Select(index => new NoteTaken($"{index}"))]);
        await using var reader = bank.Store.OpenQuerySession();
        List<string> read = [];
        var reading = async () =>
        {
            await foreach (var @event in reader.Events.ReadStreamAsync(
                _id, new StreamRange { Backwards = backwards }, TestContext.Current.CancellationToken))
            {
                read.Add(((NoteTaken)@event.Data).Text);
                if (read.Count == 100)
                    await ChangeAsync();
            }
        };

        if (isRefused)
        {
            var refusal = await Should.ThrowAsync<StreamRewrittenException>(reading);
            (refusal.StreamId, refusal.Version).ShouldBe((_id, backwards ? 704 : 500));
            read.Count.ShouldBe(500);
            return;
        }

        await reading();
        read.ShouldBe(
            [.. Enumerable.Range(1, 1_203).Select(static index => $"{index}"), .. verb == "append" ? ["more"] : Array.Empty<string>()]);

        async Task ChangeAsync()
        {
            await using var session = bank.Store.OpenSession();
            var events = session.Events;
            switch (verb)
            {
                case "compact": events.CompactStream(_id, 1000, new NoteTaken("1000 notes")); break;
                case "compact behind": events.CompactStream(_id, 400, new NoteTaken("400 notes")); break;
                case "truncate": events.TruncateStream(_id, 1000); break;
                case "truncate behind": events.TruncateStream(_id, 400); break;
                case "archive": events.ArchiveStream(_id); break;
                case "delete": events.DeleteStream(_id); break;
                default: events.Append(_id, new NoteTaken("more")); break;
            }

            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_longer_than_a_page_is_read_whole(bool backwards)
    {
        await bank.AppendAsync(_id, [.. Enumerable.Range(1, 1_203).Select(index => new NoteTaken($"{index}"))]);
        await using var session = bank.Store.OpenQuerySession();

        var versions = await session.Events.ReadStreamAsync(
            _id, new StreamRange { Backwards = backwards }, TestContext.Current.CancellationToken)
            .Select(e => e.Version).ToListAsync(TestContext.Current.CancellationToken);
        var expected = Enumerable.Range(1, 1_203).Select(version => (long)version);
        versions.ShouldBe(backwards ? expected.Reverse() : expected);
        (await session.Events.ReadStreamAsync(_id, new StreamRange { MaxCount = 777 }, TestContext.Current.CancellationToken)
            .CountAsync(TestContext.Current.CancellationToken))
            .ShouldBe(777);
    }

    [Fact]
    public async Task A_reader_that_stops_early_leaves_the_session_usable()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        await using var session = bank.Store.OpenSession();
        await foreach (var first in session.Events.ReadStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken))
        {
            session.Events.Append(_id, new NoteTaken($"after {first.Version}"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            break;
        }

        (await bank.FetchAsync(_id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_state_of_a_stream_tells_version_times_and_aggregate()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Account>(_id, new AccountOpened(Guid.Parse(_id.Value), "Ada", "EUR"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        await bank.AppendAsync(_id, new NoteTaken("a"));
        var events = await bank.FetchAsync(_id);

        var key = (long)(await bank.ExecuteAsync($"select key from {{schema}}.streams where id = '{_id}'"))!;
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken))
            .ShouldBe(new StreamState(_id, 2, events[0].Timestamp, events[1].Timestamp, "account", IsArchived: false)
            {
                StoredVersion = new StoredVersion(2, key, Rewrites: 0),
            });
    }

    [Fact]
    public async Task Bounds_below_one_are_refused()
    {
        await using var session = bank.Store.OpenQuerySession();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => session.Events.FetchStreamAsync(_id, new StreamRange { From = 0 }));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => session.Events.FetchStreamAsync(_id, new StreamRange { To = -1 }));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => session.Events.FetchStreamAsync(_id, new StreamRange { MaxCount = 0 }));
    }
}
