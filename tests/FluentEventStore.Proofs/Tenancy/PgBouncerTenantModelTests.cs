namespace FluentEventStore.Proofs.Tenancy;

/// <summary>Its connections are those of other clients, too: none is ended.</summary>
public sealed class PgBouncerTenantModelTests(PostgresServer server, PgBouncer pgBouncer)
    : TenantModel(new PgBouncerStore(server, pgBouncer).OrSkip(), endsConnections: false);
