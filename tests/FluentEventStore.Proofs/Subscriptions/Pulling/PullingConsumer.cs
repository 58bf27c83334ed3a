using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions.Pulling;

/// <summary>Answers what it is given by chance, and opens its subscription again whatever ends it.</summary>
internal sealed class PullingConsumer : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<(string Stream, string Text)> _done;
    private readonly Random _chance;
    private readonly Task _running;

    public PullingConsumer(Func<Task<ISubscription>> open, Random chance, ConcurrentQueue<(string Stream, string Text)> done)
    {
        (_chance, _done) = (chance, done);
        _running = Task.Run(() => RunAsync(open), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync(Func<Task<ISubscription>> open)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using var subscription = await open();
                while (true)
                    await ReadAsync(subscription);
            }
            catch (Exception failure) when (failure is OperationCanceledException or NpgsqlException or CommitOutcomeUnknownException)
            {
            }
        }
    }

    private async Task ReadAsync(ISubscription subscription)
    {
        try
        {
            await foreach (var delivery in subscription.ReadAsync(_end.Token))
                await AnswerAsync(delivery);
        }
        catch (SubscriptionStoppedException)
        {
            await Task.Delay(100, _end.Token);
        }
    }

    private async Task AnswerAsync(Delivery delivery)
    {
        try
        {
            switch (_chance.Next(12))
            {
                case 0:
                    await delivery.RetryAsync(TimeSpan.FromMilliseconds(_chance.Next(50)), _end.Token);
                    return;
                case 1:
                    await delivery.ParkAsync("later", _end.Token);
                    return;
                case 2:
                    await Task.Delay(_chance.Next(30), _end.Token);
                    break;
            }

            // What is done is done before it is answered.
            _done.Enqueue((delivery.Event.StreamId.Value, ((NoteTaken)delivery.Event.Data).Text));
            await delivery.AckAsync(_end.Token);
        }
        catch (FencedException)
        {
            // It comes again, here or elsewhere.
        }
    }
}
