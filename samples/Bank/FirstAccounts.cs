using Bank.Accounts;
using Bank.Owners;
using FluentEventStore;

namespace Bank;

/// <summary>What each branch begins with: Ada and Bob, with an account each.</summary>
internal static class FirstAccounts
{
    private static readonly Guid Ada = Guid.Parse("0a000000-0000-0000-0000-000000000001");
    private static readonly Guid Bob = Guid.Parse("0b000000-0000-0000-0000-000000000001");
    private static readonly Guid AdasAccount = Guid.Parse("aa000000-0000-0000-0000-000000000001");
    private static readonly Guid BobsAccount = Guid.Parse("bb000000-0000-0000-0000-000000000001");

    /// <summary>Written once for each branch, by whichever process starts first.</summary>
    public static void SeedBranches(this EventStoreBuilder store)
    {
        foreach (var branch in Branches.Names)
            store.SeedWith($"first-accounts-{branch}", branch, WriteAsync);
    }

    private static Task WriteAsync(IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Events.StartStream<Owner>(Ada, new OwnerRegistered(Ada, "Ada", "ada@example.org"));
        session.Events.StartStream<Owner>(Bob, new OwnerRegistered(Bob, "Bob", "bob@example.org"));
        session.Events.StartStream<Account>(AdasAccount, new AccountOpened(Ada, "EUR"), new MoneyDeposited(100));
        session.Events.StartStream<Account>(BobsAccount, new AccountOpened(Bob, "EUR"), new MoneyDeposited(50));
        return Task.CompletedTask;
    }
}
