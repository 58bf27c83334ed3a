namespace FluentEventStore.PostgresTests.Events;

public sealed class PgBouncerAppendTests(PgBouncerStore bank) : AppendTests(bank.OrSkip()), IClassFixture<PgBouncerStore>;
