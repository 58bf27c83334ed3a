using System.Text.Json;

namespace FluentEventStore.PostgresTests.Bank;

[StreamId]
public readonly partial record struct PersonId(Guid Value);

/// <summary>An event with personal data of every kind, of one person.</summary>
[Event("person-registered")]
public sealed record PersonRegistered(
    Guid PersonId,
    [PersonalData(Subject = nameof(PersonId))] string Name,
    [PersonalData(Subject = nameof(PersonId), Replacement = "(forgotten)")] string Email,
    [PersonalData(Subject = nameof(PersonId))] string? Phone,
    [property: PersonalData(Subject = nameof(PersonId))] DateOnly Born,
    [PersonalData(Subject = nameof(PersonId))] Address? Address,
    string Plan = "free");

public sealed record Address(string Street, string City);

/// <summary>An event with personal data of two people, named in two ways.</summary>
[Event("money-sent")]
public sealed record MoneySent(
    PersonId From,
    [PersonalData(Subject = nameof(From))] string FromName,
    long To,
    [PersonalData(Subject = nameof(To))] string ToName,
    decimal Amount);

/// <summary>An event with a list that names a person in each item, and with a constructor that refuses an empty name.</summary>
[Event("guests-invited")]
public sealed record GuestsInvited(IReadOnlyList<Guest> Guests);

public sealed record Guest
{
    public Guest(string id, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Id, Name) = (id, name);
    }

    public string Id { get; }

    [PersonalData(Subject = nameof(Id), Replacement = "?")]
    public string Name { get; }

    [PersonalData(Subject = nameof(Id))]
    public string Diet { get; init; } = "";
}

/// <summary>An event with personal data, some of it inside other, and JSON that a caller chooses.</summary>
[Event("bag-packed", Version = 2)]
public sealed record BagPacked(
    Guid Owner,
    [PersonalData(Subject = nameof(Owner))] string? Name,
    [PersonalData(Subject = nameof(Owner))] BagKeeper? Keeper,
    JsonElement Content);

public sealed record BagKeeper(long Id, [PersonalData(Subject = nameof(Id))] string Phone);

/// <summary>An event that can be changed after it was given to somebody.</summary>
[Event("reused")]
public sealed record Reused
{
    public Guid PersonId { get; set; }

    [PersonalData(Subject = nameof(PersonId))]
    public string Name { get; set; } = "";
}

/// <summary>Folded from personal data, and kept as a snapshot.</summary>
[Aggregate]
public sealed partial record Person(Guid Id, string Name)
{
    public static Person Create(PersonRegistered e) => new(e.PersonId, e.Name);

    public Person Apply(AccountClosed e) => this with { Name = $"{Name} (closed)" };
}

public static class PersonUpcasters
{
    /// <summary>The event once had another name and one property for the whole name.</summary>
    [Upcaster("person-joined")]
    public static PersonRegistered FromJson(JsonElement old) =>
        new(
            old.GetProperty("id").GetGuid(),
            old.GetProperty("name").GetString() ?? "gone",
            "",
            null,
            default,
            null,
            old.GetProperty("tags")[0].GetString()!);

    /// <summary>The event once was whatever JSON it was.</summary>
    [Upcaster("bag-packed")]
    public static BagPacked FromBag(JsonElement old) => new(Guid.Empty, "", null, old);
}
