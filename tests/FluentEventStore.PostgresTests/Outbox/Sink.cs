using System.Collections.Concurrent;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>Keeps what it is sent, in the order in which that ended, and fails when it is told to.</summary>
public sealed class Sink(Func<OutgoingMessage, CancellationToken, Task>? before = null) : IMessageSink
{
    public ConcurrentQueue<OutgoingMessage> Sent { get; } = new();

    public int[] Numbers => [.. Sent.Select(static message => message.Data).OfType<Numbered>().Select(static data => data.Number)];

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        if (before is not null)
            await before(message, cancellationToken);

        Sent.Enqueue(message);
    }

    /// <summary>Waits until it was sent so many messages.</summary>
    public Task HasAsync(int count) =>
        Eventually.BecomesTrueAsync(() => Task.FromResult(Numbers.Length >= count), $"{count} messages are sent");
}
