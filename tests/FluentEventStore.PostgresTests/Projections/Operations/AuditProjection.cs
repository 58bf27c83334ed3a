using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Operations;

/// <summary>A line of an audit.</summary>
[Document]
public sealed record AuditLine
{
    public Guid Id { get; init; }

    public required string Text { get; init; }

    public long Version { get; init; }
}

/// <summary>How often something happened to an account.</summary>
[Document]
public sealed record AuditedAccount
{
    public Guid Id { get; init; }

    public string Last { get; init; } = "";
}

[Projection]
public sealed partial class AuditProjection : EventProjection
{
    public static void Project(IEvent<MoneyDeposited> e, IDocumentOperations operations)
    {
        operations.Store(new AuditLine { Id = e.Id, Text = $"in {e.Data.Amount}", Version = e.Version });
        operations.Store(new AuditedAccount { Id = e.Data.AccountId, Last = "in" });
    }

    public static async Task ProjectAsync(IEvent<MoneyWithdrawn> e, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        if (e.Data.Amount == 13)
            throw new InvalidOperationException("unlucky");

        operations.Insert(new AuditLine { Id = e.Id, Text = $"out {e.Data.Amount}", Version = e.Version });
        operations.Store(new AuditedAccount { Id = e.Data.AccountId, Last = "out" });
    }

    public static void Project(AccountClosed e, IDocumentOperations operations) => operations.Delete<AuditedAccount>(e.AccountId);
}
