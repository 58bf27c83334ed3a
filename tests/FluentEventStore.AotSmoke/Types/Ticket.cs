namespace FluentEventStore.AotSmoke;

internal readonly record struct TicketNumber(long Value);

[Event]
internal sealed record TicketSold(TicketNumber Number);

[Event]
internal sealed record TicketRenumbered(long? Number);

/// <summary>An aggregate that is found by its number.</summary>
[Aggregate]
internal sealed partial record Ticket(long Number)
{
    [NaturalKey]
    public static TicketNumber NumberOf(TicketSold e) => e.Number;

    [NaturalKey]
    public static TicketNumber? NumberOf(IEvent<TicketRenumbered> e) => e.Data.Number is { } number ? new TicketNumber(number) : null;

    public static Ticket Create(TicketSold e) => new(e.Number.Value);

    public Ticket Apply(TicketRenumbered e) => this with { Number = e.Number ?? 0 };
}
