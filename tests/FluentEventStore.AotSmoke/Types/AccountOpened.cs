using System.Text.Json;
using FluentEventStore.AotSmoke.Contracts;

namespace FluentEventStore.AotSmoke;

[StreamId]
public readonly partial record struct AccountId(Guid Value);

[Event("account-opened")]
public sealed record AccountOpened(string Owner, Currency Currency);

[Event("money-moved")]
public sealed record MoneyMoved(decimal Amount, DateTimeOffset At, IReadOnlyDictionary<string, string> Tags);

[Event("account-closed")]
public sealed record AccountClosed;

public enum Currency
{
    Euro,
    Franc,
}

[Event]
public sealed record OwnerNamed(
    AccountId Account,
    [PersonalData(Subject = nameof(Account), Replacement = "(forgotten)")] string Name,
    [PersonalData(Subject = nameof(Account))] int? Age);

[Event("seat-taken")]
public sealed record SeatTaken([Tag("show")] string Show, int Seat);

/// <summary>What a decision over a tag is folded into.</summary>
[Aggregate]
public sealed partial record Seats(int Taken)
{
    public static Seats Create(SeatTaken e) => new(1);

    public Seats Apply(SeatTaken e) => new(Taken + 1);
}

/// <summary>An aggregate with an id: kept as a snapshot.</summary>
[Aggregate]
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public static Account Create(AccountOpened e) => new(Guid.Empty, e.Owner, 0m);

    public Account Apply(IEvent<MoneyMoved> e) => this with { Balance = Balance + e.Data.Amount };

    public static bool ShouldDelete(AccountClosed e) => true;
}

/// <summary>An aggregate without an id: folded live.</summary>
[Aggregate]
public sealed partial class Turnover
{
    public decimal Total { get; private set; }

    public void Apply(MoneyMoved e) => Total += Math.Abs(e.Amount);
}

[Event("parcel-weighed", Version = 2)]
public sealed record ParcelWeighed(int Grams, long Version);

public static class ParcelUpcasters
{
    [Upcaster]
    public static ParcelWeighed Upcast(ParcelWeighedV1 old, EventMetadata metadata) => new((int)(old.Kilograms * 1000), metadata.Version);

    [Upcaster("package-weighed")]
    public static ParcelWeighedV1 FromJson(JsonElement old) => new(old.GetProperty("weight").GetDecimal());
}
