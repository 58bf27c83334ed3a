using System.Collections.Concurrent;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Messages, which a daemon of the process sends.</summary>
internal sealed class MessageChecks(string connectionString, string schema) : IMessageSink
{
    private readonly ConcurrentQueue<OutgoingMessage> _sent = new();
    private bool _isMended;

    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        if (!_isMended && message.Key == "bad")
            throw new InvalidOperationException("It is bad.");

        _sent.Enqueue(message);
        return Task.CompletedTask;
    }

    public async Task SendAsync()
    {
        await using var store = Open(options => options.SendTo(this));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        await using var session = store.OpenSession();
        var sent = new Reminder("now", [1, 2], DateTimeOffset.UnixEpoch);
        var first = session.Messages.Publish(sent, "good");
        session.Messages.Publish(new Reminder("without a key", []));
        var bad = session.Messages.Publish(new Reminder("bad", []), "bad");
        session.Messages.Publish(new Reminder("behind", []), "bad");
        session.Messages.Schedule(DateTimeOffset.UtcNow, new Reminder("soon", []));
        session.Messages.Schedule(DateTimeOffset.UtcNow.AddHours(1), new Reminder("later", []), "name");
        session.Messages.Schedule(DateTimeOffset.UtcNow.AddHours(1), new Reminder("never", []), "other", "k");
        session.Messages.Cancel("other");
        await session.SaveChangesAsync();
        await BecomesAsync(() => _sent.Count == 3);
        var got = _sent.Single(one => one.Id == first);
        Equal("now", ((Reminder)got.Data).Text);
        EqualItems(sent.Numbers, ((Reminder)got.Data).Numbers);
        var scheduled = (await store.Messages.ListScheduledAsync()).Single();
        Equal("name", scheduled.Name);
        Equal(1, (await store.Messages.ListScheduledAsync(DateTimeOffset.UtcNow, 1)).Count);
        Equal(true, await store.DatabaseOf(TenantId.Default).Messages.DropAsync(scheduled.Id, "unwanted"));
        while ((await store.Messages.StatusAsync()).Failing.Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20));

        _isMended = true;
        await store.Messages.RetryAsync(bad);
        await store.Messages.RetryAsync();
        await BecomesAsync(() => _sent.Count == 5);
        Equal(false, await store.Messages.DropAsync(bad, "unwanted"));
    }

    public async Task HandleAsync()
    {
        var handled = new ConcurrentQueue<string>();
        await using var store = Open(options => options.Handle<Reminder>((reminder, context) =>
        {
            handled.Enqueue($"{reminder.Text} {context.Message.TypeName}");
            return Task.CompletedTask;
        }));
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync();
        await using var session = store.OpenSession();
        session.Messages.Publish(new Reminder("handled", []));
        await session.SaveChangesAsync();
        await BecomesAsync(() => !handled.IsEmpty);
        Equal("handled reminder", handled.Single());
    }

    private static async Task BecomesAsync(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Equal(true, tries < 3000);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private EventStore Open(Action<MessageOptions> configure) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = schema;
        options.Messages.SendTimeout = TimeSpan.FromSeconds(10);
        options.Messages.Concurrency = 4;
        options.Messages.Lease = TimeSpan.FromSeconds(2);
        options.Messages.PollInterval = TimeSpan.FromMilliseconds(100);
        options.Messages.FirstPause = TimeSpan.FromMilliseconds(10);
        options.Messages.LongestPause = TimeSpan.FromSeconds(1);
        options.Messages.AlarmPause = TimeSpan.FromSeconds(2);
        options.Messages.MaxBytesOfMessage = 10_000;
        configure(options.Messages);
    });
}
