using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>One of those who write documents: a session of its own, one after the other, and what it has collected.</summary>
public sealed class ModelWriter : IAsyncDisposable
{
    private readonly BankStore _bank;
    private readonly EventStore _store;
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private bool _isIdempotent;

    private ModelWriter(BankStore bank)
    {
        _bank = bank;
        Proxy = new TcpProxy(bank.ConnectionString);
        _store = bank.CreateStore(options =>
        {
            options.Connection(Proxy.ConnectionString + ";Maximum Pool Size=1");

            // What breaks is the connection of a unit, not of who tells others of the one before.
            options.Events.Notifications = false;
        });
    }

    public TcpProxy Proxy { get; }

    public IDocumentSession Session { get; private set; } = null!;

    /// <summary>What the session is to write.</summary>
    public Dictionary<DocumentKey, DocumentModel.Change> Unit { get; } = [];

    /// <summary>Whether the session saves in a transaction of somebody else.</summary>
    public bool IsJoined => _transaction is not null;

    /// <summary>Whether the unit appends events.</summary>
    public bool HasEvent { get; private set; }

    /// <summary>Whether something is read before the unit is sent.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether the unit is written once however often it is saved.</summary>
    public bool IsProtected => _isIdempotent || HasEvent || Unit.Values.Any(static change => change.Expected is not null);

    public static async Task<ModelWriter> StartAsync(BankStore bank, Random random)
    {
        var writer = new ModelWriter(bank);
        await BankStore.WriteOnceAsync(writer._store);
        await writer.BeginAsync(random);
        return writer;
    }

    /// <summary>Begins a session of any kind.</summary>
    public async Task BeginAsync(Random random)
    {
        await EndAsync();
        Unit.Clear();
        (HasEvent, IsRead) = (false, false);
        _isIdempotent = random.Next(3) == 0;
        if (random.Next(4) == 0)
        {
            _connection = new NpgsqlConnection(_bank.ConnectionString);
            await _connection.OpenAsync(TestContext.Current.CancellationToken);
            _transaction = await _connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        }

        Session = (IsJoined ? _bank.Store : _store).OpenSession(
            new SessionOptions { Idempotent = _isIdempotent, Transaction = _transaction });
    }

    /// <summary>Appends an event, to a stream whose aggregate is kept as an inline snapshot.</summary>
    /// <param name="random">Says to which stream.</param>
    /// <param name="isHandled">Whether it changes the snapshot, which is read then before the unit is sent.</param>
    public void Append(Random random, bool isHandled)
    {
        (HasEvent, IsRead) = (true, IsRead || isHandled);
        Session.Events.Append($"notebook-{random.Next(3)}", isHandled ? new NoteTaken("a") : new CourseOffered("b", 1));
    }

    /// <summary>Ends the transaction of somebody else.</summary>
    /// <returns>Whether what was saved counts.</returns>
    public async Task<bool> EndAsync(Random random)
    {
        if (_transaction is null)
            return true;

        if (random.Next(3) == 0)
            return false;

        await _transaction.CommitAsync(TestContext.Current.CancellationToken);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _store.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    private async Task EndAsync()
    {
        if (Session is not null)
            await Session.DisposeAsync();
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        (_transaction, _connection) = (null, null);
    }
}
