using FluentEventStore;

namespace Bank.Owners;

/// <summary>Folded when somebody asks, so that personal data is stored in events alone.</summary>
[Aggregate]
public sealed partial record Owner(Guid Id, string Name, string Email)
{
    /// <summary>What name and address read as when the owner is forgotten.</summary>
    public const string Forgotten = "(forgotten)";

    public static Owner Create(OwnerRegistered e) => new(e.OwnerId, e.Name, e.Email);
}
