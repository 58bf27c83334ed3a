using System.Threading.Channels;
using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

// begin-snippet: message-type
[Message("send-mail")]
public sealed record SendMail(string To, string Text);
// end-snippet

/// <summary>The code of docs/how-to/publish-messages.md.</summary>
public sealed class PublishMessagesTests(SnippetStore snippets)
{
    private readonly Channel<OutgoingMessage> _channel = Channel.CreateUnbounded<OutgoingMessage>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_published_with_events_and_goes_to_a_channel()
    {
        await using var store = await CreateAsync(Declare);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await using (var session = store.OpenSession())
            await PublishAsync(session, Guid.NewGuid(), Deposited(), Cancellation);

        var mail = await _channel.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        (mail.Key, mail.TypeName).ShouldBe(("account-7", "send-mail"));
        mail.Data.ShouldBe(new SendMail("ada@example.org", "50 were deposited"));
    }

    [Fact]
    public async Task Messages_that_fail_are_listed_retried_and_dropped()
    {
        await using var store = await CreateAsync(options => options.Messages.SendTo(new Broken()));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await using (var session = store.OpenSession())
            await PublishAsync(session, Guid.NewGuid(), Deposited(), Cancellation);

        while ((await store.Messages.StatusAsync(Cancellation)).FailingKeys == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);

        await ControlAsync(store, (await store.Messages.StatusAsync(Cancellation)).Failing[0].Id, Cancellation);
        (await store.Messages.StatusAsync(Cancellation)).Waiting.ShouldBe(0);
    }

    private static async Task PublishAsync(
        IDocumentSession session, Guid account, MoneyDeposited deposited, CancellationToken cancellationToken)
    {
        // begin-snippet: message-publish
        session.Events.Append(account, deposited);
        session.Messages.Publish(new SendMail("ada@example.org", "50 were deposited"), key: "account-7");
        await session.SaveChangesAsync(cancellationToken);
        // end-snippet
    }

    private static async Task ControlAsync(EventStore store, Guid messageId, CancellationToken cancellationToken)
    {
        // begin-snippet: message-control
        var status = await store.Messages.StatusAsync(cancellationToken);
        foreach (var failing in status.Failing)
            Console.WriteLine($"{failing.TypeName} of {failing.Key}, since {failing.FailingSince}: {failing.Error}");

        await store.Messages.RetryAsync(cancellationToken);
        await store.Messages.DropAsync(messageId, "the address does not exist", cancellationToken);
        // end-snippet
    }

    private static MoneyDeposited Deposited() => new(Guid.NewGuid(), 50, "EUR", DateTimeOffset.UtcNow);

    private void Declare(EventStoreOptions options)
    {
        var queue = _channel;

        // begin-snippet: message-sink
        options.Messages.SendTo(new QueueSink(queue.Writer));
        options.Messages.Handle<SendText>((text, context) => SendAsync(text, context.CancellationToken));
        // end-snippet
    }

    private static Task SendAsync(SendText text, CancellationToken cancellationToken) =>
        text.Number.Length > 0 ? Task.CompletedTask : Task.FromCanceled(cancellationToken);

    private async Task<EventStore> CreateAsync(Action<EventStoreOptions> configure)
    {
        var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            configure(options);
        });
        await store.Schema.ApplyAsync(Cancellation);
        return store;
    }

    private sealed class Broken : IMessageSink
    {
        public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("no line");
    }
}

[Message]
public sealed record SendText(string Number);

// begin-snippet: message-channel
public sealed class QueueSink(ChannelWriter<OutgoingMessage> queue) : IMessageSink
{
    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        await queue.WriteAsync(message, cancellationToken);
}
// end-snippet
