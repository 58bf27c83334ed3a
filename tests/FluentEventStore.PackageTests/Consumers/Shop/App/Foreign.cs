using FluentEventStore;
using Ids;
using NodaTime;
using Npgsql;
using Others;

namespace App;

/// <summary>Prints how events with types of others are stored, and what comes back of them.</summary>
internal static class Foreign
{
    public static async Task PrintAsync(EventStore store, NpgsqlDataSource dataSource, string schema)
    {
        var ada = CustomerId.From(Guid.Parse("0197a7b0-1111-7222-8333-444455556666"));
        object[] events =
        [
            new LessonPlanned(
                Instant.FromUtc(2030, 1, 2, 3, 4), new LocalTime(9, 30), Duration.FromMinutes(90), [new LocalDate(2030, 1, 2)]),
            new CustomerRegistered(ada, ada),
            new CustomerRegistered(ada, null),
            new ProductSeen(ProductId.From(ada.Value), new Address { Street = "s" }),
            new Tagged(["a", "b"], ["A", "a"]),
        ];
        await using var session = store.OpenSession();
        session.Events.StartStream("foreign", events);
        await session.SaveChangesAsync();

        var back = (await session.Events.FetchStreamAsync("foreign")).Select(stored => stored.Data).ToArray();
        var lesson = (LessonPlanned)back[0];
        var seen = (ProductSeen)back[3];
        var tagged = (Tagged)back[4];
        Console.WriteLine($"{lesson.At} {lesson.Begins:HH':'mm} {lesson.Length.TotalMinutes} {lesson.Days[0]:uuuu'-'MM'-'dd}");
        Console.WriteLine(
            $"{back[1].Equals(events[1])} {back[2].Equals(events[2])} {seen.Product.Value == ada.Value} {seen.Address.Street} "
                + $"{string.Join('+', tagged.Tags)} {tagged.Names.Contains("a")}");

        await using var command = dataSource.CreateCommand(
            $"select data::text from {schema}.events where type in ('lesson-planned', 'customer-registered', 'product-seen', 'tagged') "
                + "order by position");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            Console.WriteLine(reader.GetString(0));
    }
}
