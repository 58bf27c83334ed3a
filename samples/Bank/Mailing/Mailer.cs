using Bank.Accounts;
using Bank.Owners;
using FluentEventStore;

namespace Bank.Mailing;

/// <summary>
/// Tells owners what happens to their accounts. The daemon hands it each event, in the order of the account, after every restart from where
/// it was: at least once, and the id of the event says which mails are the same one.
/// </summary>
/// <param name="mail">A service of the application.</param>
/// <param name="session">Reads for the branch that the event is of.</param>
[EventHandler]
internal sealed partial class Mailer(IMail mail, IQuerySession session)
{
    private Task Handle(IEvent<AccountOpened> e, CancellationToken cancellationToken) =>
        WriteAsync(e, e.Data.OwnerId, $"your account in {e.Data.Currency} is open.", cancellationToken);

    private async Task Handle(IEvent<MoneyReceived> e, CancellationToken cancellationToken)
    {
        if (await session.Events.FetchLatestAsync<Account>(e.StreamId, cancellationToken) is { } account)
            await WriteAsync(e, account.OwnerId, $"you received {e.Data.Amount} {account.Currency}.", cancellationToken);
    }

    private async Task WriteAsync(IEvent e, Guid ownerId, string text, CancellationToken cancellationToken)
    {
        var owner = await session.Events.FetchLatestAsync<Owner>(ownerId, cancellationToken);
        if (owner is { Email: not Owner.Forgotten })
            await mail.SendAsync(e.Id, owner.Email, $"Dear {owner.Name}, {text}", cancellationToken);
    }
}
