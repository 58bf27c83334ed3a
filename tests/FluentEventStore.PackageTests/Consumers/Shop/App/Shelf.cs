using System.Globalization;
using Contracts;
using Contracts.@namespace;
using FluentEventStore;
using Orders;

namespace App;

internal static class Shelf
{
    public static async Task PrintAsync(EventStore store, string stream)
    {
        await using var session = store.OpenQuerySession();
        try
        {
            foreach (var stored in await session.Events.FetchStreamAsync(stream))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stored.Data.GetType()}: {stored.Data}"));
        }
        catch (UnknownEventTypeException unknown)
        {
            Console.WriteLine(
                $"{nameof(UnknownEventTypeException)}: "
                    + $"{unknown.TypeName} {unknown.TypeVersion} in {unknown.StreamId} at {unknown.Version}");
        }
    }

    public static async Task OrderAsync(EventStore store)
    {
        var id = new OrderId(Guid.NewGuid());
        await using var session = store.OpenSession();
        session.Events.StartStream<Order>(id, new Placed(id, new Page<@enum>(@enum.@false)) { Note = " n " }, new Paid(2.5m), new Paid(3m));
        session.Store(new Customer("a@b.c", null));
        await session.SaveChangesAsync();

        var placed = (Placed)(await session.Events.FetchStreamAsync(id))[0].Data;
        var order = await session.Events.AggregateStreamAsync<Order>(id);
        var customer = await session.LoadAsync<Customer>("a@b.c");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{placed.Id == id} {placed.Page} {placed.Note} {order!.Amount} {customer}"));
    }
}
