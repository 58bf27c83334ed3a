namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/schedule-messages.md.</summary>
public sealed class ScheduleMessagesTests(SnippetStore snippets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_scheduled_and_cancelled()
    {
        await using var session = snippets.Store.OpenSession();
        Schedule(session, DateTimeOffset.UtcNow);
        await session.SaveChangesAsync(Cancellation);
        (await snippets.Store.Messages.ListScheduledAsync(Cancellation)).Select(static one => one.Name).ShouldContain("remind-7");

        Cancel(session);
        await session.SaveChangesAsync(Cancellation);
        (await snippets.Store.Messages.ListScheduledAsync(Cancellation)).Select(static one => one.Name).ShouldNotContain("remind-7");
    }

    private static void Schedule(IDocumentSession session, DateTimeOffset now)
    {
        // begin-snippet: message-schedule
        session.Messages.Schedule(at: now.AddDays(7), new SendMail("ada@example.org", "Your offer ends"), name: "remind-7");
        // end-snippet
    }

    private static void Cancel(IDocumentSession session)
    {
        // begin-snippet: message-cancel
        session.Messages.Cancel("remind-7");
        // end-snippet
    }
}
