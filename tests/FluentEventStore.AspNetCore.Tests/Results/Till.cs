namespace FluentEventStore.AspNetCore.Tests;

[Event]
public sealed record TillOpened(Guid TillId, string Clerk);

[Event]
public sealed record TillFilled(decimal Amount);

[Event]
public sealed record TillClosed;

[Event]
public sealed record GuestArrived(
    Guid GuestId, [PersonalData(Subject = nameof(GuestArrived.GuestId), Replacement = "(forgotten)")] string Name);

/// <summary>Kept as an inline snapshot.</summary>
[Aggregate]
public sealed partial record Till(Guid Id, string Clerk, decimal Amount)
{
    public static Till Create(TillOpened e) => new(e.TillId, e.Clerk, 0);

    public Till Apply(TillFilled e) => this with { Amount = Amount + e.Amount };

    public static bool ShouldDelete(TillClosed _) => true;
}

/// <summary>Has no id, so that the application's JSON options write it.</summary>
[Aggregate]
public sealed partial record Fill(int Count, decimal Amount)
{
    public static Fill Create(TillFilled e) => new(1, e.Amount);

    public Fill Apply(TillFilled e) => new(Count + 1, Amount + e.Amount);
}

[Aggregate]
public sealed partial record Guest(Guid Id, string Name)
{
    public static Guest Create(GuestArrived e) => new(e.GuestId, e.Name);
}

[Document("note")]
public sealed record Note
{
    public required string Id { get; init; }

    public string Text { get; init; } = "";
}

[Document("ticket")]
public sealed record Ticket
{
    public int Id { get; init; }
}

[Document("invoice")]
public sealed record Invoice
{
    public long Id { get; init; }
}
