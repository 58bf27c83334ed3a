namespace Bank.Owners;

/// <summary>What a client sends to register an owner.</summary>
public sealed record RegisterOwner(string Name, string Email);
