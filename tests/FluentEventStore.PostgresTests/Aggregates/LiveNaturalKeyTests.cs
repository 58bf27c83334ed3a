namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>Aggregates that are folded live, in units that may be combined.</summary>
public sealed class LiveNaturalKeyTests(BankStore bank) : NaturalKeyTests(bank), IClassFixture<BankStore>;
