using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

/// <summary>A consumer of a pulled subscription that takes one delivery when it is told to.</summary>
internal sealed class PulledReader(ISubscription subscription) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private IAsyncEnumerator<Delivery>? _enumerator;
    private Task<bool>? _next;

    /// <summary>Whether something has come that was not taken.</summary>
    public bool HasNext => Begin().IsCompletedSuccessfully;

    public static string TextOf(Delivery delivery) => ((NoteTaken)delivery.Event.Data).Text;

    /// <summary>Begins to wait for the next delivery.</summary>
    public Task<bool> Begin()
    {
        _enumerator ??= subscription.ReadAsync(_ending.Token).GetAsyncEnumerator();
        return _next ??= _enumerator.MoveNextAsync().AsTask();
    }

    public async Task<Delivery> TakeAsync()
    {
        (await Begin().WaitAsync(TimeSpan.FromSeconds(20), _ending.Token)).ShouldBeTrue();
        _next = null;
        return _enumerator!.Current;
    }

    public async Task<IReadOnlyList<Delivery>> TakeAsync(int count)
    {
        var all = new List<Delivery>();
        while (all.Count < count)
            all.Add(await TakeAsync());

        return all;
    }

    /// <summary>Takes the next delivery, which must be of an event, and acknowledges it.</summary>
    public async Task<Delivery> AckAsync(string text)
    {
        var delivery = await TakeAsync();
        TextOf(delivery).ShouldBe(text);
        await delivery.AckAsync(_ending.Token);
        return delivery;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (_enumerator is not null)
            await _enumerator.DisposeAsync();

        _ending.Dispose();
    }
}
