namespace FluentEventStore.Benchmarks.Payloads;

public enum Carrier
{
    Post,
    Courier,
    Freight,
}

public sealed record Parcel(Guid Id, string Content, int Count, double Kilograms, decimal Value, string? Note);

/// <summary>A large event: 40 parcels, about 7 kB of JSON.</summary>
[Event("shipment")]
public sealed record Shipment(
    Guid Id,
    string Recipient,
    Carrier Carrier,
    DateOnly Due,
    IReadOnlyList<Parcel> Parcels,
    Dictionary<string, string> Labels,
    int? Priority,
    bool IsInsured)
{
    public static Shipment Sample() => new(
        new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        "Ada Lovelace, 12 St James's Square, London",
        Carrier.Courier,
        new DateOnly(2026, 3, 14),
        [
            .. Enumerable.Range(0, 40).Select(static number => new Parcel(
                new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                $"content of parcel number {number}",
                number,
                number * 1.25,
                number * 9.99m,
                number % 3 == 0 ? null : "fragile")),
        ],
        Enumerable.Range(0, 10).ToDictionary(static number => $"label-{number}", static number => $"value {number}"),
        3,
        IsInsured: true);
}
