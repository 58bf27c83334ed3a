using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FluentEventStore;

/// <summary>How a store is set up. Only a connection must be given.</summary>
/// <remarks>Options can be set until the store is made; later each call throws an <see cref="InvalidOperationException"/>.</remarks>
public sealed class EventStoreOptions
{
    private readonly OptionsUse _use = new();

    /// <summary>Settings of events.</summary>
    public EventOptions Events { get; } = new();

    /// <summary>The views that are kept of events.</summary>
    public ProjectionOptions Projections { get; } = new();

    /// <summary>The subscriptions that a daemon of the store carries.</summary>
    public DeclaredSubscriptions Subscriptions { get; } = new();

    /// <summary>Where messages go that sessions publish, and how.</summary>
    public MessageOptions Messages { get; } = new();

    /// <summary>Settings of personal data.</summary>
    public PrivacyOptions Privacy { get; } = new();

    /// <summary>How long the start of an application waits for others.</summary>
    public StartupOptions Startup { get; } = new();

    /// <summary>
    /// The schema that holds the store's tables. The keys of personal data are in another one, whose name is this and <c>_keys</c>.
    /// </summary>
    /// <value>
    /// A plain lower-case name: <c>[a-z_][a-z0-9_]*</c>, at most 58 characters, without <c>_keys</c> at its end. Default:
    /// <c>event_store</c>.
    /// </value>
    /// <exception cref="ArgumentException">The name is not plain, is too long, or ends like a schema of keys.</exception>
    public string Schema
    {
        get;
        set
        {
            _use.Check();
            var name = new SqlIdentifier(value, nameof(Schema)).Name;
            if (name.EndsWith(SubjectKeysSchema.Suffix, StringComparison.Ordinal))
                throw new ArgumentException(
                    $"'{name}' is the schema for the keys of a store in '{name[..^SubjectKeysSchema.Suffix.Length]}': the schema of a "
                        + $"store must not end in '{SubjectKeysSchema.Suffix}'.",
                    nameof(Schema));

            field = name.Length + SubjectKeysSchema.Suffix.Length <= SqlIdentifier.MaxBytes
                ? name
                : throw new ArgumentException(
                    $"'{name}' is too long: with '{SubjectKeysSchema.Suffix}' added, it names the schema of the keys, and a name has at "
                        + $"most {SqlIdentifier.MaxBytes} characters.",
                    nameof(Schema));
        }
    } = "event_store";

    /// <summary>
    /// The clock for the timestamps of units of work, for event ids and for what is due. Nothing waits by it, so a clock that stands still
    /// keeps nobody waiting.
    /// </summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            _use.Check();
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    } = TimeProvider.System;

    /// <summary>
    /// How long a statement may run before it is cancelled. A unit of work is one statement; so is a page of events. A unit of work is
    /// tried for as long while others get in its way.
    /// </summary>
    /// <value>
    /// More than zero, up to 24 days; parts of a second are rounded up. <see cref="Timeout.InfiniteTimeSpan"/> means without end. Default:
    /// <see langword="null"/>, which is <c>Command Timeout</c> of the connection, or 30 seconds if that is not set.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? CommandTimeout
    {
        get;
        set
        {
            _use.Check();
            if (value is { } limit && limit != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(CommandTimeout));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(24), nameof(CommandTimeout));
            }

            field = value;
        }
    }

    /// <summary>
    /// Where log messages go. None holds the data of an event or a document, a header, or a connection string; some name streams and
    /// tenants.
    /// </summary>
    /// <value>
    /// One of the application, which the store does not dispose. Default: that of the host, if the store is one of the services of an
    /// application; otherwise <see cref="NullLoggerFactory.Instance"/>, which takes none.
    /// </value>
    public ILoggerFactory LoggerFactory
    {
        get;
        set
        {
            _use.Check();
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = NullLoggerFactory.Instance;

    /// <summary>
    /// The clock for pauses, polls and grace periods. It is not <see cref="TimeProvider"/>: a clock of the application that stands still
    /// must not keep anybody waiting.
    /// </summary>
    internal TimeProvider WaitClock { get; set; } = TimeProvider.System;

    /// <summary>Where the pages end in which events are read.</summary>
    internal PageBounds PageBounds { get; set; } = PageBounds.Default;

    internal string? ConnectionString { get; private set; }

    internal bool IsBehindPgBouncer { get; private set; }

    internal bool QueriesOnStandby { get; private set; }

    internal NpgsqlDataSource? UserDataSource { get; private set; }

    internal ITenantDatabases? DatabasesOfTenants { get; private set; }

    internal ConnectionSettings Connections => new(UserDataSource, ConnectionString, IsBehindPgBouncer, QueriesOnStandby, Schema);

    internal bool SaysWhereToConnect => (ConnectionString, UserDataSource, DatabasesOfTenants) is not (null, null, null);

    /// <summary>
    /// Connects by a connection string. The store makes a data source of its own, and closes it when the store is disposed. It prepares its
    /// statements, unless the string sets <c>Max Auto Prepare</c>.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">
    /// Another of <see cref="Connection"/>, <see cref="DataSource"/> and <see cref="TenantDatabases"/> was called.
    /// </exception>
    public EventStoreOptions Connection(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        Connect(nameof(Connection));
        ConnectionString = connectionString;
        return this;
    }

    /// <summary>Connects by a data source of the application, which stays the application's: the store does not dispose it.</summary>
    /// <returns>This.</returns>
    /// <remarks>Set <c>Max Auto Prepare</c> in its connection string: without prepared statements each call costs more.</remarks>
    /// <exception cref="InvalidOperationException">
    /// Another of <see cref="Connection"/>, <see cref="DataSource"/> and <see cref="TenantDatabases"/> was called.
    /// </exception>
    public EventStoreOptions DataSource(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        Connect(nameof(DataSource));
        UserDataSource = dataSource;
        return this;
    }

    /// <summary>
    /// Keeps each tenant in a database of its own. The store makes a data source for each, as for <see cref="Connection"/>, when the tenant
    /// is first used, and closes it when the store is disposed. After 60 seconds by <see cref="TimeProvider"/> it asks again for the
    /// tenant's database.
    /// </summary>
    /// <returns>This.</returns>
    /// <param name="databases">
    /// What <see cref="FluentEventStore.TenantDatabases"/> makes, or one of your own. For a tenant without a database, even
    /// <see cref="TenantId.Default"/>, a session throws an <see cref="UnknownTenantException"/> when it first reads or saves.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// Another of <see cref="Connection"/>, <see cref="DataSource"/> and <see cref="TenantDatabases"/> was called.
    /// </exception>
    public EventStoreOptions TenantDatabases(ITenantDatabases databases)
    {
        ArgumentNullException.ThrowIfNull(databases);
        Connect(nameof(TenantDatabases));
        DatabasesOfTenants = databases;
        return this;
    }

    /// <summary>
    /// Says that the connection leads to PgBouncer in transaction mode. Nothing is prepared and nobody listens, because each transaction
    /// may have another server connection.
    /// </summary>
    /// <returns>This.</returns>
    public EventStoreOptions PgBouncer()
    {
        _use.Check();
        IsBehindPgBouncer = true;
        return this;
    }

    /// <summary>
    /// Lets the sessions of <see cref="IEventStore.OpenQuerySession()"/> read from a standby while one answers. The connection must name
    /// several hosts. Everything else stays with the primary. So does reading all streams: only the primary knows what is settled.
    /// </summary>
    /// <returns>This.</returns>
    /// <remarks>A standby is behind the primary: what was just saved may not be seen yet.</remarks>
    public EventStoreOptions QueryOnStandby()
    {
        _use.Check();
        QueriesOnStandby = true;
        return this;
    }

    /// <inheritdoc cref="StoreConnections.FaultOf"/>
    internal static string? FaultOfConnection(string connectionString) => StoreConnections.FaultOf(connectionString);

    /// <summary>A store is made of the options: nothing can be set any more.</summary>
    internal void Freeze()
    {
        _use.Begin();
        Events.Freeze();
        Projections.Freeze();
        Subscriptions.Carry(Projections.Carried);
        Subscriptions.Freeze();
        Messages.Freeze();
        Privacy.Freeze();
        Startup.Freeze();
    }

    // A setting of the same kind replaces the earlier one, for example when a test overrides the application's.
    private void Connect(string kind)
    {
        _use.Check();
        var before = ConnectionString is not null
            ? nameof(Connection)
            : UserDataSource is not null ? nameof(DataSource) : DatabasesOfTenants is not null ? nameof(TenantDatabases) : kind;
        if (before != kind)
            throw new InvalidOperationException(
                $"The options set both {before} and {kind}: a store connects by only one of them.");
    }
}
