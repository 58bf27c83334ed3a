using Npgsql;

namespace FluentEventStore;

/// <summary>How a session is opened.</summary>
public sealed class SessionOptions
{
    /// <summary>The tenant whose streams and documents the session sees and writes.</summary>
    /// <value>Default: <see cref="TenantId.Default"/>.</value>
    public TenantId TenantId { get; set; }

    /// <summary>
    /// Whether units of work are recorded by an id of their own, so that a unit of documents alone, too, is written once when it is saved
    /// again after its outcome was unknown. A unit with events, links or changes of streams is protected without it. Costs a row a unit.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Idempotent { get; set; }

    /// <summary>
    /// A transaction of the caller, in which the session reads and writes: what it saves counts when the caller commits. It must be one of
    /// the store's database, the tenant's where tenants have databases of their own, and stays the caller's, who ends it.
    /// </summary>
    /// <value>Default: <see langword="null"/>: each save is a transaction of its own.</value>
    /// <remarks>
    /// A unit that is refused is undone up to a savepoint, and the transaction can be used on. Streams and documents that are written stay
    /// locked, and readers of the log are held back, until it ends: keep it short. <c>ReadAllAsync</c> reads outside of it.
    /// </remarks>
    public NpgsqlTransaction? Transaction { get; set; }

    /// <summary>The options as they are now.</summary>
    internal SessionOptions Copy() => new() { TenantId = TenantId, Idempotent = Idempotent, Transaction = Transaction };
}
