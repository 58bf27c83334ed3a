using FluentEventStore;

namespace Bank.Transfers;

/// <summary>A transfer that was carried out: written in one unit of work with the events of both accounts.</summary>
[Document("transfer")]
public sealed record Transfer(Guid Id, Guid From, Guid To, decimal Amount);
