using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class KeyChecks(EventStore store)
{
    private readonly Guid _ticket = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    public async Task ReserveAsync()
    {
        await using var session = store.OpenSession();
        session.Reserve("seat", "7", _ticket);
        await session.SaveChangesAsync();
        Equal((StreamId?)_ticket, await session.FindReservationAsync("seat", "7"));

        session.Reserve("seat", "7", _other);
        Equal((StreamId)_ticket, (await ThrowsAsync<ReservationConflictException>(() => session.SaveChangesAsync())).HeldBy);
        session.EjectAllPendingChanges();
        session.Release("seat", "7", _ticket);
        await session.SaveChangesAsync();
        Equal(null, await session.FindReservationAsync("seat", "7"));
    }

    public async Task FindAsync()
    {
        await using var session = store.OpenSession();
        session.Events.StartStream<Ticket>(_ticket, new TicketSold(new TicketNumber(1)));
        await session.SaveChangesAsync();

        var stream = await session.Events.FetchForWritingAsync<Ticket, TicketNumber>(new TicketNumber(1));
        Equal(((StreamId)_ticket, new Ticket(1)), (stream.StreamId, stream.Aggregate));
        stream.Append(new TicketRenumbered(2));
        await session.SaveChangesAsync();
        Equal(null, await session.Events.FetchLatestAsync<Ticket, TicketNumber>(new TicketNumber(1)));
        Equal(new Ticket(2), await session.Events.FetchLatestAsync<Ticket, TicketNumber>(new TicketNumber(2)));

        session.Events.StartStream<Ticket>(_other, new TicketSold(new TicketNumber(2)));
        Equal("2", (await ThrowsAsync<DuplicateNaturalKeyException>(() => session.SaveChangesAsync())).Key);
        Equal(0L, (await store.FillNaturalKeysAsync<Ticket>()).Filled);
        Equal(0, (await store.FillNaturalKeysAsync<Ticket>(new Progress<long>())).Conflicts.Count);
    }
}
