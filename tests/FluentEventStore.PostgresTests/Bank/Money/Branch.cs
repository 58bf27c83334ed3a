namespace FluentEventStore.PostgresTests.Bank;

[Document]
public sealed record Branch(string Id, string Street);
