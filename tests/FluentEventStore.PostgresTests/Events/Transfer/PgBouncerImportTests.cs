namespace FluentEventStore.PostgresTests.Events.Transfer;

public sealed class PgBouncerImportTests(PgBouncerStore bank) : ImportTests(bank.OrSkip()), IClassFixture<PgBouncerStore>;
