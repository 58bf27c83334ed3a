using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>A store with every option, on the schema of the first one.</summary>
internal sealed class OptionChecks(string connectionString, string schema)
{
    private static readonly TenantId Tenant = "options";

    private readonly Guid _account = Guid.NewGuid();

    public async Task RunAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var store = EventStore.For(options =>
        {
            options.DataSource(dataSource);
            options.Schema = schema;
            options.LoggerFactory = NullLoggerFactory.Instance;
            options.CommandTimeout = TimeSpan.FromMinutes(1);
            options.Events.AllowHardDelete = true;
            options.Events.Notifications = true;
            options.Events.MaxBytesOfEvent = 1_000_000;
            options.Events.GroupCommit.IsEnabled = true;
            options.Events.GroupCommit.Lanes = 1;
            options.Events.GroupCommit.MaxUnits = 10;
            options.Events.GroupCommit.MaxEventsOfUnit = 10;
            options.Events.Retention.ForStream(_account, keepLast: 1).ForCategory("options-", maxAge: TimeSpan.FromDays(1))
                .ForStream("kept", TimeSpan.FromDays(1))
                .ForStream("kept too", keepLast: 1, TimeSpan.FromDays(1))
                .ForCategory("many-", keepLast: 1)
                .ForCategory("few-", keepLast: 1, TimeSpan.FromDays(1));
            options.Privacy.SubjectKeys = new KeysInMemory();
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        });
        using var script = new StringWriter();
        await store.Schema.ScriptAsync(script);
        Equal(true, script.ToString().Contains("create table", StringComparison.OrdinalIgnoreCase));

        await using var session = store.OpenSession(Tenant);
        var named = new OwnerNamed(new AccountId(_account), "Ada", 36);
        session.Events.Append(_account, named, named);
        await session.SaveChangesAsync();
        Equal(1L, (await store.ScrubAsync()).Events);
        Equal(0L, (await store.ScrubAsync(new Progress<ScrubReport>())).Events);
        Equal<object>(named, (await session.Events.FetchStreamAsync(_account)).Single().Data);

        await using (var connection = await dataSource.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            using var joined = store.OpenSession(new SessionOptions { TenantId = Tenant, Transaction = transaction });
            joined.Events.Append(_account, named);
            Equal(3L, (await joined.SaveChangesAsync()).Streams[_account].Version);
            Equal(2, (await joined.Events.FetchStreamAsync(_account)).Count);
        }

        session.Events.HardDeleteStream(_account, ExpectedVersion.Exactly(2));
        await session.SaveChangesAsync();
        session.Events.Append(_account, named);
        await session.SaveChangesAsync();
        session.Events.HardDeleteStream(_account);
        await session.SaveChangesAsync();
        Equal(null, await session.Events.FetchStreamStateAsync(_account));
        store.Dispose();
    }

    private sealed class KeysInMemory : ISubjectKeys
    {
        private readonly Dictionary<SubjectId, SubjectKey> _keys = [];

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<SubjectId, SubjectKey>>(_keys);

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
        {
            foreach (var subject in subjects)
                _keys.TryAdd(subject, new SubjectKey(new byte[SubjectKey.Length]));

            return FindAsync(tenantId, subjects, cancellationToken);
        }

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken) =>
            Task.FromResult(_keys.Remove(subject) ? ForgetOutcome.Forgotten : ForgetOutcome.NothingKnown);
    }
}
