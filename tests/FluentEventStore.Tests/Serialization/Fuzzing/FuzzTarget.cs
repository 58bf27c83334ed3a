using System.Text.Json;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Serialization;
using FluentEventStore.Tests.Documents;

namespace FluentEventStore.Tests.Serialization.Fuzzing;

/// <summary>A type whose JSON is spoiled: read and written as the store does it.</summary>
internal abstract class FuzzTarget(string name, Func<object> sample)
{
    /// <summary>Whether the same value is always written alike. What is encrypted is not.</summary>
    public virtual bool WritesAlike => true;

    public override string ToString() => name;

    /// <summary>JSON that is right.</summary>
    public byte[] Sample() => Write(sample());

    public abstract object Read(byte[] json);

    public abstract byte[] Write(object value);

    /// <summary>The target that writes and reads again what was read: another one if upcasters led on.</summary>
    public virtual FuzzTarget Of(object value) => this;

    /// <summary>All shapes that there are, drawn from a seed.</summary>
    public static IReadOnlyList<FuzzTarget> All(Random random)
    {
        var values = new RandomValues(random);
        return
        [
            OfEvent(values.Everything),
            OfEvent(values.Collected),
            OfEvent(values.CollectedFurther),
            OfEvent(new RandomMarked(random).Next),
            OfEvent(new RandomMarked(random).Fielded),
            OfEvent(() => new Leveled(Level.High, null, new() { [Level.Low] = [Level.High, (Level)3] })),
            OfEvent(() => new Ticketed(new TicketId(1), new SeatId(2), new() { [new SeatId(3)] = new TicketId(4) })),
            OfEvent(() => new Converted(new Money(1.5m, "EUR"), null, [new Money(2, "CHF")], "abc", "xyz")),
            OfEvent(() => Json.Read<Extended>("""{"number":1,"later":{"a":[1,null]},"more":"text"}""")),
            OfEvent(() => Json.Read<ExtendedByConstructor>("""{"later":{"a":[1,null]},"more":"text"}""")),
            OfEvent(() => new Sparse("n", 1, new Point(1, 2)) { Amount = 0, Line = new Line("tea", 1), Kept = "k" }),
            OfEvent(() => new ReadOnlySetHeld(new HashSet<int> { 3, 1 })),
            OfEvent(() => new Moved("a", new OrderId(Guid.Empty))),
            OfEvent(() => new Tree([new Tree([]), new Tree([new Tree([])])])),
            OfEvent(() => new PatientAdmitted(
                "p-1",
                "Ada",
                new DateOnly(1815, 12, 10),
                new Contact(1, "+1") { Next = new Contact(2, "+2") },
                [new Contact(13, "+3")],
                4)),
            OfEvent(() => new NoteFiled("p-1", "text", new() { ["$enc"] = "AQAA" })
            {
                Rest = new() { ["s"] = JsonSerializer.SerializeToElement(1) }
            }),
            OfEvent(() => new TemperatureTaken("attic", 290)),
            OfEvent(() => new TemperatureTakenV2("attic", 17)),
            new OfStoredShape("temperature-taken", 1, """{"place":"attic","fahrenheit":62.5}"""),
            new OfDocument(
                StoredDocuments.TypeOf(typeof(Customer)),
                () => new Customer { Id = Guid.Empty, Name = "Ada", Since = DateTimeOffset.UnixEpoch, Visits = [new Visit(default)] }),
            new OfDocument(StoredDocuments.TypeOf(typeof(Tally)), () => StoredDocuments.Read<Tally>("""{"id":3,"counts":{"a":1,"b":2}}""")),
            new OfDocument(StoredDocuments.TypeOf(typeof(Ticket)), () => new Ticket(new TicketId(5), "t")),
            new OfDocument(SnapshotOf<Account>(), () => new Account(Guid.Empty, "Ada", 3m)),
        ];
    }

    private static OfStoredEvent OfEvent<T>(Func<T> sample)
        where T : class => new(Json.TypeOf(typeof(T)), sample);

    private static DocumentType SnapshotOf<T>()
        where T : class =>
        AggregateCatalog.TryGet<T>(out var type) ? type.Document! : throw new InvalidOperationException($"{typeof(T)} is not registered.");

    private class OfStoredEvent(EventType type, Func<object> sample) : FuzzTarget(type.ToString(), sample)
    {
        public override bool WritesAlike => !type.HoldsPersonalData;

        public override object Read(byte[] json) => StoredEvents.Read(type, json);

        public override byte[] Write(object value) => StoredEvents.Write(type, value);

        public override FuzzTarget Of(object value) =>
            new OfStoredEvent(Json.TypeOf(value.GetType()), static () => throw new InvalidOperationException());
    }

    /// <summary>A shape that only an upcaster knows.</summary>
    private sealed class OfStoredShape(string name, int version, string json)
        : OfStoredEvent(EventCatalog.TryGet(name, version, out var type) ? type : throw new InvalidOperationException(name), () => json)
    {
        public override byte[] Write(object value) => System.Text.Encoding.UTF8.GetBytes(json);
    }

    private sealed class OfDocument(DocumentType type, Func<object> sample) : FuzzTarget(type.Name, sample)
    {
        public override object Read(byte[] json) => DocumentReader.Read(type, "d", json);

        public override byte[] Write(object value)
        {
            using var payload = new JsonWriter();
            return DocumentWriter.Encode(type, "d", value, payload).ToArray();
        }
    }
}
