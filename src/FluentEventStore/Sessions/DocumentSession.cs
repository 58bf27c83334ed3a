using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

internal class DocumentSession : QuerySession, IDocumentSession
{
    private readonly UnitOfWork _unit;
    private readonly StoreWriting _store;
    private readonly Action? _abandoned;

    public DocumentSession(StoreContext context, SessionOptions options)
        : this(context, options.TenantId, options.Idempotent)
    {
        (_unit.CorrelationId, _unit.CausationId, _unit.UserName) = (options.CorrelationId, options.CausationId, options.UserName);
        _unit.Saved = options.Saved;
        _abandoned = options.Abandoned;
    }

    public DocumentSession(StoreContext context, TenantId tenantId, bool isIdempotent = false)
        : base(context.Reading, tenantId)
    {
        _store = context.Writing;
        _unit = new UnitOfWork(context.Writing, tenantId, isIdempotent, Gate);
        Operations = new EventOperations(context, tenantId, Gate, _unit);
    }

    public new IEventOperations Events => Operations;

    public IMessageOperations Messages => field ??= new MessageOperations(_unit, _store, Gate);

    protected override EventReader Reader => Operations;

    internal EventOperations Operations { get; }

    public string? CorrelationId
    {
        get => _unit.CorrelationId;
        set => Open.CorrelationId = EventHeaders.Storable(value, nameof(CorrelationId));
    }

    public string? CausationId
    {
        get => _unit.CausationId;
        set => Open.CausationId = EventHeaders.Storable(value, nameof(CausationId));
    }

    public string? UserName
    {
        get => _unit.UserName;
        set => Open.UserName = EventHeaders.Storable(value, nameof(UserName));
    }

    public void SetHeader(string key, string value) => Open.SetHeader(key, value);

    /// <summary>What the session collected.</summary>
    protected UnitOfWork Unit => _unit;

    /// <summary>The unit of work, if the session takes calls that add to it.</summary>
    private UnitOfWork Open
    {
        get
        {
            Gate.Check();
            return _unit;
        }
    }

    public void Store<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        _unit.Documents.Store(table, id, document);
    }

    public void Store<T>(IEnumerable<T> documents)
        where T : class => Add(documents, _unit.Documents.Store);

    public void Insert<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        _unit.Documents.Insert(table, id, document);
    }

    public void Insert<T>(IEnumerable<T> documents)
        where T : class => Add(documents, _unit.Documents.Insert);

    public void Update<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        _unit.Documents.Update(table, id, document);
    }

    public void Update<T>(IEnumerable<T> documents)
        where T : class => Add(documents, _unit.Documents.Update);

    public void Update<T>(T document, long expectedVersion)
        where T : class => Update(document, DocumentExpectation.Of(expectedVersion));

    public void Update<T>(T document, StoredVersion expected)
        where T : class => Update(document, DocumentExpectation.Of(expected));

    public void Delete<T>(DocumentId id)
        where T : class => Delete<T>(id, expected: null);

    public void Delete<T>(DocumentId id, long expectedVersion)
        where T : class => Delete<T>(id, DocumentExpectation.Of(expectedVersion));

    public void Delete<T>(DocumentId id, StoredVersion expected)
        where T : class => Delete<T>(id, DocumentExpectation.Of(expected));

    public void Reserve(string name, string value, StreamId owner) => _unit.Appends.Reservations.Reserve(name, value, owner);

    public void Release(string name, string value, StreamId owner) => _unit.Appends.Reservations.Release(name, value, owner);

    public virtual Task<Commit> SaveChangesAsync(CancellationToken cancellationToken = default) =>
        _unit.SaveAsync(isWatched: true, cancellationToken);

    public Task<Commit> SaveChangesUntilKnownAsync(TimeSpan limit, CancellationToken cancellationToken = default)
    {
        if (limit != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);

        return SaveUntilKnownAsync(limit, cancellationToken);
    }

    /// <summary>One unit to those who watch, however often it is sent.</summary>
    /// <param name="limit">How long; <see langword="null"/> for as long as a statement may run.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    internal Task<Commit> SaveUntilKnownAsync(TimeSpan? limit, CancellationToken cancellationToken)
    {
        Gate.Check();
        return WatchedSaving.IsWanted && !_unit.IsEmpty
            ? WatchedSaving.RunAsync(_unit, _store.Telemetry, TenantId, SaveAsync, cancellationToken)
            : SaveAsync(cancellationToken);

        Task<Commit> SaveAsync(CancellationToken token) => KnownOutcome.SaveAsync(_unit, _store, limit, token);
    }

    public bool HasPendingChanges => !Open.IsEmpty;

    public virtual void EjectAllPendingChanges() => Open.Clear();

    protected override void Leave()
    {
        if (!_unit.IsEmpty)
            _abandoned?.Invoke();
    }

    private void Update(object document, DocumentExpectation expected)
    {
        var (table, id) = Identify(document);
        _unit.Documents.Update(table, id, document, expected);
    }

    private void Delete<T>(DocumentId id, DocumentExpectation? expected)
        where T : class
    {
        Gate.Check();
        var table = Reading.Documents.GetWritable(typeof(T));
        _unit.Documents.Delete(table, table.Type.Convert(id), expected);
    }

    private void Add(IEnumerable<object> documents, Action<DocumentTable, DocumentId, object> add)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(documents);
        var identified = documents.Select(document => (Document: document, Row: Identify(document))).ToList();
        _unit.Documents.ChangeTogether(() => identified.ForEach(one => add(one.Row.Table, one.Row.Id, one.Document)));
    }

    private (DocumentTable Table, DocumentId Id) Identify(object document)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(document);
        if (document is IEnumerable<object>)
            throw new ArgumentException(
                "To store a list, name the type of its documents, as in Store<Customer>(list).", nameof(document));

        var table = Reading.Documents.GetWritable(document.GetType());
        return (table, table.Type.Identify(document, _store.TimeProvider));
    }
}
