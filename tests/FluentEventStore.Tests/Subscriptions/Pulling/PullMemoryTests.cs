using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

public sealed class PullMemoryTests
{
    [Fact]
    public void Large_events_are_not_read_ahead_without_end()
    {
        var rules = new PullRules(BufferSize: 100, CheckpointAfterCount: 100, TimeSpan.FromHours(1), MaxParkedKeys: 1) { Bytes = 10 };
        var worker = new PullWorker(rules, static () => 0) { IsWanted = true };
        var claim = new Claim(1, Position: 0, StopAt: null, ReplayedTo: 0, LastEvent: null, 0, new Dictionary<EventKey, long>());
        worker.Begin(claim, TimeSpan.Zero);

        Take(1);
        worker.Next(TimeSpan.Zero).ShouldBeOfType<WorkStep.Fetch>();
        Take(2);
        worker.Next(TimeSpan.Zero).ShouldBeOfType<WorkStep.Rest>();

        var first = worker.TryTake(TimeSpan.Zero)!;
        worker.Answer(first, new DeliveryAnswer(DeliveryAnswerKind.Ack, TimeSpan.Zero, Reason: null), TimeSpan.Zero).ShouldBeTrue();
        worker.Next(TimeSpan.Zero).ShouldBeOfType<WorkStep.Fetch>();

        void Take(long position)
        {
            var one = new ModelEvent(position, "a");
            var page = new WorkPage(position - 1, position, [new WorkItem(one, one.Key, Unusable: null)]) { BytesOfEvent = 6 };
            worker.Take(page, TimeSpan.Zero);
        }
    }
}
