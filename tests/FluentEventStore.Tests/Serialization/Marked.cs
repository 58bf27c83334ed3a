using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

[JsonConverter(typeof(JsonNumberEnumConverter<Level>))]
public enum Level : short
{
    Low = -1,
    High = 7,
}

/// <summary>Properties whose attributes choose another form in JSON.</summary>
[Event]
public sealed record Marked(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long AsText,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] decimal? OptionalAsText,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] List<double> ListAsText,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    Dictionary<string, Int128> MapAsText,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] byte Lenient,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] float Named,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] Half[] NamedItems,
    [property: JsonConverter(typeof(JsonNumberEnumConverter<Colour>))] Colour ColourNumber,
    [property: JsonConverter(typeof(JsonNumberEnumConverter<Colour>))] Colour? OptionalColourNumber,
    AllAsText Whole,
    Payment Payment,
    Payment? Optional,
    List<Payment> Payments,
    Dictionary<byte, IPlace> Places,
    Vehicle Vehicle,
    Dictionary<ushort, ulong> ByUShort,
    SortedDictionary<sbyte, int> BySByte)
{
    [JsonInclude]
    internal string Inner { get; private set; } = "";

    [JsonInclude]
    private int Hidden { get; set; }

    [JsonInclude]
    public int Settable { get; private set; }

    public Marked Hide(int hidden, string inner)
    {
        (Hidden, Settable, Inner) = (hidden, -hidden, inner);
        return this;
    }

    public int Shown() => Hidden;
}

[JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
public sealed record AllAsText(int Number, string Text, [property: JsonNumberHandling(JsonNumberHandling.Strict)] int Plain, uint[] Items);

[JsonDerivedType(typeof(CardPayment), "card")]
[JsonDerivedType(typeof(CashPayment), "cash")]
public abstract record Payment(decimal Amount);

public sealed record CardPayment(decimal Amount, string Number) : Payment(Amount);

public record CashPayment(decimal Amount) : Payment(Amount);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(City), 1)]
[JsonDerivedType(typeof(Village), 2)]
public interface IPlace
{
    string Name { get; }
}

public sealed record City(string Name, int People) : IPlace;

public readonly record struct Village(string Name) : IPlace;

/// <summary>A base type that is a case of its own, and whose unlisted types are written as the nearest that is listed.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
[JsonDerivedType(typeof(Car), "car")]
[JsonDerivedType(typeof(Bus), "bus")]
public record Vehicle(int Wheels);

public record Car(int Wheels, string Plate) : Vehicle(Wheels);

public sealed record Taxi(string Plate) : Car(4, Plate);

public sealed record Bus(int Wheels, int Seats) : Vehicle(Wheels)
{
    [JsonExtensionData]
    public Dictionary<string, System.Text.Json.JsonElement>? Rest { get; init; }
}

[Event]
public sealed record VehicleHeld(Vehicle Vehicle);

/// <summary>Enums of a type that is always a number.</summary>
[Event]
public sealed record Leveled(Level Level, Level? Optional, Dictionary<Level, Level[]> ByLevel);

[StreamId]
public readonly partial record struct TicketId(long Value);

[StreamId]
public readonly partial record struct SeatId(int Value);

[Event]
public sealed record Ticketed(TicketId Ticket, SeatId? Seat, Dictionary<SeatId, TicketId> BySeat);

[Document]
public sealed record Ticket(TicketId Id, string Title);

[Document]
public sealed record Voucher
{
    public VoucherId Id { get; init; }
}

[StreamId]
public readonly partial record struct VoucherId(Guid Value);
