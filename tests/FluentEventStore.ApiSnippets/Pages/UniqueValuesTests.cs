namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/unique-values.md.</summary>
public sealed class UniqueValuesTests(SnippetStore snippets)
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_belongs_to_one_customer()
    {
        var (address, next) = ($"Ada.{_id}@example.org", $"ada.{_id}@example.com");
        await using var session = snippets.Store.OpenSession();
        await RegisterAsync(session, _id, address, Cancellation);
        (await FindAsync(session, address, Cancellation)).ShouldBe((StreamId)_id);

        await using var other = snippets.Store.OpenSession();
        var conflict = await Should.ThrowAsync<ReservationConflictException>(RegisterAsync(other, Guid.NewGuid(), address, Cancellation));
        conflict.HeldBy.ShouldBe((StreamId)_id);

        await ChangeAsync(session, _id, address.ToLowerInvariant(), next, Cancellation);
        (await FindAsync(session, address, Cancellation)).ShouldBeNull();
        (await FindAsync(session, next, Cancellation)).ShouldBe((StreamId)_id);
    }

    private static async Task RegisterAsync(
        IDocumentSession session, Guid customerId, string address, CancellationToken cancellationToken)
    {
        // begin-snippet: reserve
        session.Events.StartStream(customerId, new CustomerRegistered(customerId, "Ada"));
        session.Reserve("email", address.ToLowerInvariant(), owner: customerId);
        await session.SaveChangesAsync(cancellationToken);      // ReservationConflictException if another stream holds it
        // end-snippet
    }

    private static async Task<StreamId?> FindAsync(IQuerySession session, string address, CancellationToken cancellationToken)
    {
        // begin-snippet: find
        StreamId? holder = await session.FindReservationAsync("email", address.ToLowerInvariant(), cancellationToken);
        // end-snippet
        return holder;
    }

    private static async Task ChangeAsync(
        IDocumentSession session, Guid customerId, string address, string next, CancellationToken cancellationToken)
    {
        // begin-snippet: change
        session.Events.Append(customerId, new AddressChanged("moved"));
        session.Release("email", address, owner: customerId);
        session.Reserve("email", next, owner: customerId);
        await session.SaveChangesAsync(cancellationToken);
        // end-snippet
    }
}
