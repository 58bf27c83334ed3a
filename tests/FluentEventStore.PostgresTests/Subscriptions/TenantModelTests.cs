namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class TenantModelTests(PostgresServer server) : TenantModel(new BankStore(server));
