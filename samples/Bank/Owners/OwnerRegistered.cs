using FluentEventStore;

namespace Bank.Owners;

/// <summary>Name and address are encrypted with a key of the owner; without the key, the event remains and they are gone.</summary>
[Event("owner-registered")]
public sealed record OwnerRegistered(
    Guid OwnerId,
    [PersonalData(Subject = nameof(OwnerId), Replacement = Owner.Forgotten)] string Name,
    [PersonalData(Subject = nameof(OwnerId), Replacement = Owner.Forgotten)] string Email);
