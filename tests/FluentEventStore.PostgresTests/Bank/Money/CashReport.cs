namespace FluentEventStore.PostgresTests.Bank;

/// <summary>A handler that takes events by an interface, and writes with its session.</summary>
[EventHandler]
public sealed partial class CashReport
{
    public List<string> Lines { get; } = [];

    private void Handle(IEvent<ICashMovement> e) => Lines.Add($"{e.Data.Amount} at {e.Version}");

    private async Task HandleAsync(CashDropped e, EventMetadata metadata, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Lines.Add($"{e.Amount} dropped at {metadata.Version}");
    }

    private static void Handle(IDocumentSession session, IEvent<TillLocked> e) =>
        session.Store(new Customer { Id = e.Id, Name = e.Data.Clerk });
}
