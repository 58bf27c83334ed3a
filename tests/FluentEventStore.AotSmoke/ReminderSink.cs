using System.Collections.Concurrent;

namespace FluentEventStore.AotSmoke;

/// <summary>A sink among the services of a host.</summary>
internal sealed class ReminderSink : IMessageSink
{
    public static ConcurrentQueue<string> Sent { get; } = new();

    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        Sent.Enqueue(((Reminder)message.Data).Text);
        return Task.CompletedTask;
    }
}
