namespace Bank.Transfers;

/// <summary>What a client sends to have money transferred.</summary>
public sealed record TransferMoney(Guid From, Guid To, decimal Amount);
