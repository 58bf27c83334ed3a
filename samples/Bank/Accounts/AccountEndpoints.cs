using FluentEventStore.AspNetCore;

namespace Bank.Accounts;

internal static class AccountEndpoints
{
    public static void MapAccounts(this WebApplication app)
    {
        // Not set: a command that somebody was faster than is decided again. 00:00:00: it is answered with 409.
        var retryFor = app.Configuration.GetValue<TimeSpan?>("Bank:RetryFor");
        var accounts = app.MapGroup("/accounts").WithTags("Accounts");

        // A command: loads the account, decides, appends, and answers with the new state and its ETag.
        accounts.MapCommand<Account?, OpenAccount>("/{id:guid}", AccountRules.Decider, command => command.MayBegin = true);
        accounts.MapCommand<Account?, Deposit>("/{id:guid}/deposits", AccountRules.Decider, command => command.RetryFor = retryFor);
        accounts.MapCommand<Account?, Withdraw>("/{id:guid}/withdrawals", AccountRules.Decider, command => command.RetryFor = retryFor);
        accounts.MapCommand<Account?, PayInterest>("/{id:guid}/interest", AccountRules.Decider, command => command.RetryFor = retryFor);

        // One statement reads them all, so together they are one state of the bank.
        accounts.MapGet("/", (Guid[] ids) => EventStoreResults.Documents<Account>(ids));
        accounts.MapGet("/{id:guid}", (Guid id) => EventStoreResults.Document<Account>(id));
        accounts.MapGet("/{id:guid}/statement", (Guid id, [AsParameters] AggregateQuery query) =>
            EventStoreResults.Aggregate<Statement>(id, query));
        accounts.MapGet("/{id:guid}/events", (Guid id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query));
        accounts.MapGet("/{id:guid}/live", (Guid id) => EventStoreResults.FollowStream(id));
    }
}
