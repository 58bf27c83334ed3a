using Bank.Accounts;
using Bank.Fraud;
using Bank.Owners;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.SampleTests.Bank;

[Collection(nameof(WatchedBank))]
public sealed class SubscriptionTests(WatchedBank bank) : IClassFixture<WatchedBank>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEventStore Store => bank.Services.GetRequiredService<IEventStore>();

    [Fact]
    public async Task Owners_get_a_mail_for_an_account_that_is_opened_and_for_money_that_arrives()
    {
        var account = Guid.NewGuid();
        await RegisterAsync("Grace", account);
        await SaveAsync("north", account, new MoneyReceived(Guid.NewGuid(), Guid.NewGuid(), 25));

        await bank.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);

        bank.Mails.Where(static mail => mail.StartsWith("grace@", StringComparison.Ordinal)).ShouldBe(
        [
            "grace@example.org: Dear Grace, your account in EUR is open.",
            "grace@example.org: Dear Grace, you received 25 EUR.",
        ]);
        bank.Mails.Count(static mail => mail == "ada@example.org: Dear Ada, your account in EUR is open.")
            .ShouldBe(2, "one in each branch");
    }

    [Fact]
    public async Task Whom_the_bank_has_forgotten_gets_no_mail()
    {
        var account = Guid.NewGuid();
        var owner = await RegisterAsync("Alan", account);
        await bank.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);
        using (var forgotten = await bank.Http.DeleteAsync($"/owners/{owner}/personal-data", Cancellation))
            forgotten.EnsureSuccessStatusCode();

        await SaveAsync("north", account, new MoneyReceived(Guid.NewGuid(), Guid.NewGuid(), 25));
        await bank.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);

        bank.Mails.Where(static mail => mail.StartsWith("alan@", StringComparison.Ordinal)).ShouldHaveSingleItem();
        bank.Mails.ShouldNotContain(static mail => mail.StartsWith(Owner.Forgotten, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Large_withdrawals_of_one_account_in_a_row_are_reported_once()
    {
        var (robbed, rich, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await OpenAsync("north", robbed, Large, Large);
        await OpenAsync("north", rich, Large, Large, new MoneyWithdrawn(10), Large, Large);
        await OpenAsync("south", robbed, Large);
        await OpenAsync("south", other, Large, Large, Large);
        await SaveAsync("north", robbed, Large);
        var last = await SaveAsync("north", robbed, Large);

        await Store.WaitForAsync(last, "fraud-watch", TimeSpan.FromSeconds(60), Cancellation);

        (await ReportsAsync("north", robbed)).ShouldHaveSingleItem().Data.LargeWithdrawals.ShouldBeInRange(3, 4);
        (await ReportsAsync("north", rich)).ShouldBeEmpty();
        (await ReportsAsync("south", robbed)).ShouldBeEmpty();
        (await ReportsAsync("south", other)).ShouldHaveSingleItem();
        bank.Messages.Count(message => message.Contains($"from account {other}", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static MoneyWithdrawn Large => new(Suspicion.LargeAmount);

    private async Task<Guid> RegisterAsync(string name, Guid account)
    {
        var owner = Guid.NewGuid();
        await SaveAsync("north", owner, new OwnerRegistered(owner, name, $"{name.ToLowerInvariant()}@example.org"));
        await SaveAsync("north", account, new AccountOpened(owner, "EUR"));
        return owner;
    }

    private Task<Commit> OpenAsync(string branch, Guid account, params object[] events) =>
        SaveAsync(branch, account, [new AccountOpened(Guid.NewGuid(), "EUR"), .. events]);

    private async Task<Commit> SaveAsync(string branch, Guid stream, params object[] events)
    {
        await using var session = Store.OpenSession(branch);
        session.Events.Append(stream, events);
        return await session.SaveChangesAsync(Cancellation);
    }

    private async Task<IReadOnlyList<IEvent<FraudSuspected>>> ReportsAsync(string branch, Guid account)
    {
        await using var session = Store.OpenQuerySession(branch);
        return [.. (await session.Events.FetchStreamAsync(account, Cancellation)).OfType<IEvent<FraudSuspected>>()];
    }
}
