using FluentEventStore.Events;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Tests.Events.Appending;

public sealed class WaitingUnitTests : IDisposable
{
    private static readonly Commit Written = new(7, new Dictionary<StreamId, StreamCommit>());

    private readonly CancellationTokenSource _cancellation = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly WaitingUnit _unit;

    public WaitingUnitTests() => _unit = Units.To(["a"], _cancellation.Token);

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task A_known_outcome_counts_even_if_the_session_is_cancelled()
    {
        _unit.TryTake().ShouldBeTrue();
        await _cancellation.CancelAsync();
        _unit.Complete(new AppendOutcome(Written));

        (await _unit.WaitAsync(_clock, _cancellation.Token)).Commit.ShouldBe(Written);
    }

    [Fact]
    public async Task An_outcome_that_arrives_with_the_cancellation_is_never_reported_as_nothing_written()
    {
        for (var round = 0; round < 2_000; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var unit = Units.To(["a"], cancellation.Token);
            unit.TryTake().ShouldBeTrue();
            var waiting = unit.WaitAsync(_clock, cancellation.Token).AsTask();
            await Task.WhenAll(
                Task.Run(cancellation.Cancel, TestContext.Current.CancellationToken),
                Task.Run(() => unit.Complete(new AppendOutcome(Written)), TestContext.Current.CancellationToken));

            (await waiting).Commit.ShouldBe(Written);
        }
    }

    [Fact]
    public async Task A_waiting_unit_leaves_when_its_session_is_cancelled_and_nobody_takes_it()
    {
        var waiting = _unit.WaitAsync(_clock, _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        _unit.TryTake().ShouldBeFalse();
        _unit.IsGone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_unit_that_is_being_sent_is_awaited_for_a_while_and_then_has_an_unknown_outcome()
    {
        _unit.TryTake().ShouldBeTrue();
        var waiting = _unit.WaitAsync(_clock, _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => waiting);
    }

    [Fact]
    public async Task A_unit_that_is_put_back_after_its_session_was_cancelled_is_not_written()
    {
        _unit.TryTake().ShouldBeTrue();
        var waiting = _unit.WaitAsync(_clock, _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();
        _unit.PutBack();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        _unit.TryTake().ShouldBeFalse();
    }

    [Fact]
    public async Task A_unit_that_is_put_back_may_be_taken_again()
    {
        _unit.TryTake().ShouldBeTrue();
        _unit.PutBack();
        _unit.TryTake().ShouldBeTrue();
        _unit.Complete(new AppendOutcome(Written));

        (await _unit.WaitAsync(_clock, _cancellation.Token)).Commit.ShouldBe(Written);
    }
}
