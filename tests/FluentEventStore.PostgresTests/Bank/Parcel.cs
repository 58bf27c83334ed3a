using System.Text.Json;

namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event in its third shape, and in an old one that still has a type. The first has none any more.</summary>
[Event("parcel-weighed", Version = 3)]
public sealed record ParcelWeighed(int Grams, string By, long StreamVersion);

[Event("parcel-weighed", Version = 2)]
public sealed record ParcelWeighedV2(int Grams);

public static class ParcelUpcasters
{
    [Upcaster("parcel-weighed", Version = 1)]
    public static ParcelWeighedV2 FromKilograms(JsonElement old) => new(checked((int)(old.GetProperty("kilograms").GetDecimal() * 1000)));

    [Upcaster]
    public static ParcelWeighed Upcast(ParcelWeighedV2 old, EventMetadata metadata) =>
        new(old.Grams, metadata.UserName ?? "nobody", metadata.Version);

    /// <summary>The event once had another name.</summary>
    [Upcaster("package-weighed", Version = 1)]
    public static ParcelWeighedV2 Renamed(JsonElement old) => new(old.GetProperty("grams").GetInt32());
}

/// <summary>Knows the current shape only.</summary>
[Aggregate]
public sealed partial record Parcel(Guid Id, int Grams, string Weighed)
{
    public static Parcel Create(ParcelWeighed e) => new(Guid.Empty, e.Grams, $"{e.By}@{e.StreamVersion}");

    public Parcel Apply(ParcelWeighed e) => this with { Grams = e.Grams, Weighed = $"{Weighed} {e.By}@{e.StreamVersion}" };
}
