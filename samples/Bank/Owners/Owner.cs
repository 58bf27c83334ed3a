using FluentEventStore;

namespace Bank.Owners;

/// <summary>Folded when somebody asks, so that personal data is stored in events alone.</summary>
[Aggregate]
public sealed partial record Owner(Guid Id, string Name, string Email)
{
    public static Owner Create(OwnerRegistered e) => new(e.OwnerId, e.Name, e.Email);
}
