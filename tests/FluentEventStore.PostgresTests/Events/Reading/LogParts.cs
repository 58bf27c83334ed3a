using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>What reads the log of a store, and counts how often it does.</summary>
internal sealed class LogParts : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;

    public LogParts(BankStore bank, PageBounds? bounds = null, ISubjectKeys? keys = null, TimeProvider? waitClock = null)
    {
        _dataSource = NpgsqlDataSource.Create(bank.StoreConnectionString);
        Schema = new SqlIdentifier(bank.Schema);
        Database = new CountingDatabase(new ConnectionSource(_dataSource));
        Settler = new Settler(
            new SettledQueries(Database, Schema), new OrderingChecks(Database, Schema), waitClock ?? TimeProvider.System);
        Personal = new PersonalData(
            new SubjectKeyCache(keys ?? new SubjectKeysTable(Database, Schema, TimeProvider.System), TimeProvider.System));
        Bounds = bounds ?? PageBounds.Default;
        Reader = new LogReader(Database, Schema, Settler, Personal, Bounds);
    }

    public SqlIdentifier Schema { get; }

    public CountingDatabase Database { get; }

    public Settler Settler { get; }

    public PersonalData Personal { get; }

    public PageBounds Bounds { get; }

    public LogReader Reader { get; }

    /// <summary>A query of a follower.</summary>
    public static LogQuery Follow(EventFilter? filter = null) => new(filter, reader: null, StreamStates.Deleted);

    public async Task<long> SettledAsync() => (await Settler.AskAsync(TestContext.Current.CancellationToken)).Position;

    public async ValueTask DisposeAsync()
    {
        await Settler.DisposeAsync();
        await _dataSource.DisposeAsync();
    }

    /// <summary>Counts the pages that are read, and can hold them back or let them fail.</summary>
    internal sealed class CountingDatabase(ConnectionSource connections) : FluentEventStore.Postgres.Database(
        connections, static _ => Task.CompletedTask)
    {
        private int _pages;

        public int Pages => Volatile.Read(ref _pages);

        /// <summary>Called before a page is read.</summary>
        public Func<CancellationToken, Task>? BeforePage { get; set; }

        /// <summary>Called with the statements of a page.</summary>
        public Func<NpgsqlBatch, Task>? OnPage { get; set; }

        public override async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
        {
            if (batch.BatchCommands.Cast<NpgsqlBatchCommand>()
                .Any(static command => command.CommandText.Contains("e.data", StringComparison.Ordinal)))
            {
                Interlocked.Increment(ref _pages);
                if (BeforePage is { } before)
                    await before(cancellationToken);
                if (OnPage is { } explain)
                    await explain(batch);
            }

            return await base.ReadAsync(batch, cancellationToken);
        }
    }
}
