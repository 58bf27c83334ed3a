using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class InlineHiddenEventsTests(NotebookStore bank) : HiddenEventsTests(bank), IClassFixture<NotebookStore>;

/// <summary>A store that keeps notebooks as inline snapshots.</summary>
public sealed class NotebookStore(PostgresServer server) : BankStore(server)
{
    protected override void Configure(EventStoreOptions options) => options.Projections.Snapshot<Notebook>(ProjectionLifecycle.Inline);
}
