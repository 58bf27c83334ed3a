namespace FluentEventStore.Proofs.Tenancy;

public sealed class TenantModelTests(PostgresServer server) : TenantModel(new BankStore(server), endsConnections: true);
