using FluentEventStore.Events;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Tests.Events.Appending;

public sealed class BacklogTests
{
    private static readonly StreamId[] Streams = [.. Enumerable.Range(0, 5).Select(static number => (StreamId)$"{number}")];

    private readonly FakeTimeProvider _clock = new();
    private readonly Backlog _backlog;

    public BacklogTests() => _backlog = new Backlog(_clock);

    /// <summary>
    /// Units come, streams are locked and freed, units are taken and step aside: none is lost, none comes twice, and those of one stream
    /// keep their order.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Units_are_taken_once_and_those_of_one_stream_in_their_order(int streamsOfUnit)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        List<WaitingUnit> came = [];
        List<WaitingUnit> sent = [];
        List<Lane> lanes = [];
        for (var step = 0; step < 5_000; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1 or 2:
                    var unit = Units.To(
                        random.GetItems(Streams, random.Next(1, streamsOfUnit + 1)).Distinct(), TestContext.Current.CancellationToken);
                    came.Add(unit);
                    if (!_backlog.TryPark(unit))
                        _backlog.Add(unit);
                    break;
                case 3:
                    Send(_backlog.Take(random.Next(1, 6)));
                    break;
                case 4 when lanes.Count > 0:
                    var lane = lanes[random.Next(lanes.Count)];
                    lanes.Remove(lane);
                    sent.AddRange(lane.Units);
                    lane.Units = [];
                    _backlog.Release(lane);
                    break;
                case 5:
                    _backlog.Release([.. _backlog.Blocked.Unattended]);
                    break;
                default:
                    break;
            }
        }

        foreach (var lane in lanes)
        {
            sent.AddRange(lane.Units);
            _backlog.Release(lane);
        }

        _backlog.Release([.. _backlog.Blocked.Unattended]);
        sent.AddRange(_backlog.Take(int.MaxValue));
        sent.ToHashSet().ShouldBe(came.ToHashSet(), ignoreOrder: true, $"seed {seed}");
        sent.Count.ShouldBe(came.Count, $"seed {seed}");
        _backlog.IsEmpty.ShouldBeTrue($"seed {seed}");
        if (streamsOfUnit > 1)
            return;

        foreach (var stream in Streams)
            sent.Where(unit => unit.Streams.Single().StreamId == stream).ShouldBe(
                came.Where(unit => unit.Streams.Single().StreamId == stream), $"stream {stream}, seed {seed}");

        // What is taken is written, unless it meets a lock: then what needs the locked stream steps aside.
        void Send(List<WaitingUnit> taken)
        {
            var locked = random.Next(2) == 0
                ? new HashSet<(TenantId, StreamId)>()
                : [(TenantId.Default, Streams[random.Next(Streams.Length)])];
            sent.AddRange(_backlog.StepAside(taken, locked, _ => random.Next(3) > 0, lanes));
        }
    }

    [Fact]
    public void A_unit_that_has_waited_too_long_is_taken_out_and_a_stream_that_nobody_waits_for_is_forgotten()
    {
        _backlog.StepAside([Taken("0")], new HashSet<(TenantId, StreamId)> { (TenantId.Default, "0") }, static _ => false, []);
        var unit = Units.To(["0"], TestContext.Current.CancellationToken);
        _backlog.TryPark(unit).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(30));

        var overdue = _backlog.Blocked.TakeOverdue(waiting => waiting.LeftOf(TimeSpan.FromSeconds(30), _clock) == TimeSpan.Zero);

        overdue.Count.ShouldBe(2);
        overdue.ShouldAllBe(static waiting => waiting.BlockedBy == (StreamId)"0" && waiting.IsGone);
        _backlog.IsEmpty.ShouldBeTrue();
    }

    private static WaitingUnit Taken(StreamId stream)
    {
        var unit = Units.To([stream], TestContext.Current.CancellationToken);
        unit.TryTake();
        return unit;
    }
}
