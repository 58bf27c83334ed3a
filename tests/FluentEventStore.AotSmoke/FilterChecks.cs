using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Every way to choose events, in a tenant of its own.</summary>
internal sealed class FilterChecks(EventStore store)
{
    private static readonly TenantId Tenant = "filters";

    private readonly Guid _account = Guid.NewGuid();

    public async Task ReadAsync()
    {
        await using (var session = store.OpenSession(Tenant))
        {
            session.Events
                .StartStream<Turnover>(
                    _account, new AccountOpened("Ada", Currency.Franc), new OwnerNamed(new AccountId(_account), "Ada", 36))
                .WithTag("owner", "Ada")
                .WithTag(new Tag("account", _account));
            await session.SaveChangesAsync();
            session.Events.ArchiveStream(_account);
            await session.SaveChangesAsync();
        }

        var now = DateTimeOffset.UtcNow;
        var filter = new EventFilter().OfTypes("account-opened").OfStream(_account).OfStreams(_account.ToString()).OfAggregate("turnover")
            .OfTypes(new List<string> { "account-opened" })
            .From(now.AddDays(-1))
            .Until(now.AddDays(1))
            .OfTenants(Tenant)
            .OfTenants(new List<TenantId> { Tenant })
            .IncludeArchived()
            .IncludeDeleted();
        var tagged = new EventFilter().WithTag("owner", "Ada").WithTag("account", _account).WithTag(new Tag("owner", "Ada"));
        await using var reading = store.OpenQuerySession(Tenant);
        var found = new List<StreamId>();
        await foreach (var @event in reading.Events.ReadAllAsync(filter))
            found.Add(@event.StreamId);

        var versions = new List<long>();
        await foreach (var @event in reading.Events.ReadAllAsync(tagged.IncludeArchived()))
            versions.Add(@event.Version);

        EqualItems([1, 2], versions);
        EqualItems([_account], found.Select(static id => id.TryGetGuid(out var account) ? account : Guid.Empty));
        Equal(true, StreamId.TryParse($"{_account}", provider: null, out var parsed) && parsed == _account);
    }

    public async Task MaskAsync()
    {
        var filter = new EventFilter().OfType<OwnerNamed>().OfTenants(Tenant).IncludeArchived();
        Equal(new MaskReport(1, 1), await store.Privacy.MaskAsync(filter));
        Equal(new MaskReport(1, 0), await store.Privacy.MaskAsync(filter, new Progress<MaskReport>()));
    }

    public async Task MoveAsync()
    {
        using var file = new MemoryStream();
        var options = new ExportOptions { StreamPrefix = _account.ToString(), TenantId = Tenant, After = 1, UpTo = long.MaxValue };
        Equal(2L, (await store.Transfer.ExportAsync(file, options)).Events);

        file.Position = 0;
        var report = await store.Transfer.ImportAsync(file, new ImportOptions { ChunkSize = 1 });
        Equal((0L, 2L), (report.Imported, report.Skipped));
    }
}
