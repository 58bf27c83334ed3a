namespace FluentEventStore.Proofs.Tenancy;

public sealed class PgBouncerTenantModelTests(PostgresServer server, PgBouncer pgBouncer)
    : TenantModel(new PgBouncerStore(server, pgBouncer).OrSkip());
