namespace FluentEventStore.PostgresTests.Bank;

/// <summary>The guest once was a tag, and is none any more.</summary>
[Event("seat-reserved", Version = 2)]
public sealed record SeatReserved([Tag("row")] string Row, string Guest);

[Event("seat-reserved", Version = 1)]
public sealed record SeatReservedV1([Tag("row")] string Row, [Tag("guest")] string Guest);

public static class SeatUpcasters
{
    [Upcaster]
    public static SeatReserved Upcast(SeatReservedV1 old) => new(old.Row, old.Guest);
}
