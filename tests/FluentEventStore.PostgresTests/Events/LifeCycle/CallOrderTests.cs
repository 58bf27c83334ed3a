using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>What a unit does to a stream is done in the order of the calls, or refused at the call.</summary>
public sealed class CallOrderTests(LifeCycleStore bank) : IClassFixture<LifeCycleStore>, IAsyncLifetime
{
    private static readonly string[][] Stages =
    [
        ["unarchive", "undelete"],
        ["append", "start", "link", "append to what was fetched"],
        ["truncate", "compact", "archive", "delete"],
        ["tombstone", "hard delete"],
    ];

    // Has its place everywhere but after the end.
    private const string Expect = "expect";

    private readonly StreamId _one = $"one-{Guid.NewGuid()}";
    private readonly StreamId _twin = $"twin-{Guid.NewGuid()}";
    private readonly StreamId _other = $"other-{Guid.NewGuid()}";
    private Guid _eventOfOther;

    public static TheoryData<string, string> EveryPair { get; } =
        [.. from first in Stages.SelectMany(static stage => stage).Append(Expect)
            from second in Stages.SelectMany(static stage => stage).Append(Expect)
            select (first, second)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await bank.AppendAsync(_one, new NoteTaken("1"), new NoteTaken("2"));
        await bank.AppendAsync(_twin, new NoteTaken("1"), new NoteTaken("2"));
        await bank.AppendAsync(_other, new NoteTaken("x"));
        _eventOfOther = (await bank.FetchAsync(_other))[0].Id;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(EveryPair))]
    public async Task Two_calls_in_one_unit_do_the_same_as_in_two_or_the_second_is_refused_and_leaves_no_trace(string first, string second)
    {
        await using var session = bank.Store.OpenSession();
        await CallAsync(session, _one, first);
        var refusal = await Record.ExceptionAsync(() => CallAsync(session, _one, second));
        var failure = await Record.ExceptionAsync(() => session.SaveChangesAsync(Cancellation));

        if ((second != Expect && StageOf(second) < StageOf(first)) || StageOf(first) == Stages.Length - 1)
            refusal.ShouldBeOfType<InvalidOperationException>();
        else if (refusal is not null)
            new[] { first, second }.ShouldContain("start", "only what expects no stream may contradict the other call");

        var failureOfTwo = await SaveAsync(_twin, first) ?? (refusal is null ? await SaveAsync(_twin, second) : null);
        failure?.GetType().ShouldBe(failureOfTwo?.GetType());
        if (failure is null)
            (await StateAsync(_one)).ShouldBe(await StateAsync(_twin));
    }

    [Theory]
    [InlineData("archive", "unarchive")]
    [InlineData("delete", "undelete")]
    [InlineData("tombstone", "append")]
    [InlineData("hard delete", "append to what was fetched")]
    public async Task What_is_refused_may_be_called_once_the_session_is_saved(string first, string second)
    {
        await using var session = bank.Store.OpenSession();
        await CallAsync(session, _one, first);
        await Should.ThrowAsync<InvalidOperationException>(() => CallAsync(session, _one, second));
        await session.SaveChangesAsync(Cancellation);

        await CallAsync(session, _one, second);
        if (first == "tombstone")
            await Should.ThrowAsync<StreamDeletedException>(() => session.SaveChangesAsync(Cancellation));
        else
            await session.SaveChangesAsync(Cancellation);
    }

    [Fact]
    public async Task A_truncation_that_is_called_for_before_an_append_does_not_hide_its_event()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.TruncateStream(_one, 4);
        Should.Throw<InvalidOperationException>(() => session.Events.Append(_one, new NoteTaken("3"))).Message.ShouldContain(_one.Value);
        await Should.ThrowAsync<StreamTruncationException>(() => session.SaveChangesAsync(Cancellation));
    }

    [Fact]
    public async Task An_expectation_of_a_change_counts_the_links_that_the_unit_writes_before_it()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_one, new NoteTaken("3"));
        session.Events.LinkTo(_one, [_eventOfOther]);
        session.Events.DeleteStream(_one, ExpectedVersion.Exactly(4));
        (await session.SaveChangesAsync(Cancellation)).Streams[_one].Version.ShouldBe(4);
    }

    [Fact]
    public async Task Calls_for_different_streams_may_have_any_order()
    {
        await bank.SaveAsync(events => events.ArchiveStream(_other));
        await bank.SaveAsync(events =>
        {
            events.HardDeleteStream(_one);
            events.UnarchiveStream(_other);
            events.Append(_other, new NoteTaken("y"));
            events.ArchiveStream(_twin);
        });

        (await StateAsync(_one)).ShouldBeNull();
        (await StateAsync(_other)).ShouldBe("state 0, version 2 from 1, events 2, links 0");
        (await StateAsync(_twin)).ShouldBe("state 1, version 2 from 1, events 2, links 0");
    }

    private static int StageOf(string call) => Array.FindIndex(Stages, stage => stage.Contains(call));

    private async Task<Exception?> SaveAsync(StreamId id, string call)
    {
        await using var session = bank.Store.OpenSession();
        await CallAsync(session, id, call);
        return await Record.ExceptionAsync(() => session.SaveChangesAsync(Cancellation));
    }

    private async Task CallAsync(IDocumentSession session, StreamId id, string call)
    {
        switch (call)
        {
            case "unarchive": session.Events.UnarchiveStream(id); break;
            case "undelete": session.Events.UndeleteStream(id); break;
            case "append": session.Events.Append(id, new NoteTaken(call)); break;
            case Expect: session.Events.Append(id, ExpectedVersion.StreamExists); break;
            case "start": session.Events.StartStream(id, new NoteTaken(call)); break;
            case "link": session.Events.LinkTo(id, [_eventOfOther]); break;
            case "append to what was fetched":
                var stream = await session.Events.FetchForWritingAsync<Ledger>(id, cancellationToken: Cancellation);
                stream.Append(new NoteTaken(call));
                break;
            case "truncate": session.Events.TruncateStream(id, 2); break;
            case "compact": session.Events.CompactStream(id, 2, new NoteTaken(call)); break;
            case "archive": session.Events.ArchiveStream(id); break;
            case "delete": session.Events.DeleteStream(id); break;
            case "tombstone": session.Events.TombstoneStream(id); break;
            case "hard delete": session.Events.HardDeleteStream(id); break;
            default: throw new ArgumentOutOfRangeException(nameof(call), call, null);
        }
    }

    private async Task<string?> StateAsync(StreamId id) => await bank.ExecuteAsync($"""
        select format('state %s, version %s from %s, events %s, links %s', s.state, s.version, s.truncated_before,
          (select count(*) from {bank.Schema}.events e where e.stream = s.key),
          (select count(*) from {bank.Schema}.links l where l.stream = s.key))
        from {bank.Schema}.streams s where s.id = '{id}'
        """) as string;
}
