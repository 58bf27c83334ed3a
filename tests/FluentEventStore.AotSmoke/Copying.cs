namespace FluentEventStore.AotSmoke;

/// <summary>Comes from the services of a host, with the session of its page.</summary>
[EventHandler]
public sealed partial class Copying(IDocumentSession session, string by)
{
    private void Handle(AccountOpened e) => session.Events.Append($"copies by {by}", new AccountClosed());
}
