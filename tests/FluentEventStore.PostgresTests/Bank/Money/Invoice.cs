namespace FluentEventStore.PostgresTests.Bank;

[Event]
public sealed record InvoicePaid(decimal Amount);

/// <summary>An aggregate that is paid once, and refuses to be folded otherwise.</summary>
[Aggregate]
public sealed partial record Invoice(string Id, bool IsPaid)
{
    public static Invoice Create(IEvent<NoteTaken> e) => new(e.StreamId.Value, false);

    public Invoice Apply(InvoicePaid e) => IsPaid ? throw new InvalidOperationException("It is paid.") : this with { IsPaid = true };
}
