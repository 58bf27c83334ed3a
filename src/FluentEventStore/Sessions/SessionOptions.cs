using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore;

/// <summary>How a session is opened.</summary>
public class SessionOptions
{
    /// <summary>The tenant whose streams and documents the session sees and writes.</summary>
    /// <value>Default: <see cref="TenantId.Default"/>.</value>
    public TenantId TenantId { get; set; }

    /// <summary>
    /// Whether units of work without events are recorded by an id of their own. Then even a unit with nothing but documents is written once
    /// if it is saved again after an unknown outcome. It costs one row for each such unit. A unit with events, links or changes of streams
    /// is protected without it, and one with events costs nothing more.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Idempotent { get; set; }

    /// <summary>
    /// A transaction of the caller, in which the session reads and writes. What it saves counts when the caller commits. The transaction
    /// must be in the store's database; if tenants have databases of their own, in the tenant's. The caller ends it.
    /// </summary>
    /// <value>Default: <see langword="null"/>: each save is a transaction of its own.</value>
    /// <remarks>
    /// A unit that is refused is undone up to a savepoint, and the transaction can still be used. Until it ends, the written streams and
    /// documents stay locked and readers of the log are held back: keep it short. <c>ReadAllAsync</c> reads outside of it.
    /// </remarks>
    public NpgsqlTransaction? Transaction { get; set; }

    /// <summary>What <see cref="IDocumentSession.CorrelationId"/> of the session is at first.</summary>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/value"/>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/exception"/>
    public string? CorrelationId { get; set => field = EventHeaders.Storable(value, nameof(CorrelationId)); }

    /// <summary>What <see cref="IDocumentSession.CausationId"/> of the session is at first.</summary>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/value"/>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/exception"/>
    public string? CausationId { get; set => field = EventHeaders.Storable(value, nameof(CausationId)); }

    /// <summary>What <see cref="IDocumentSession.UserName"/> of the session is at first.</summary>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/value"/>
    /// <inheritdoc cref="IDocumentSession.CorrelationId" path="/exception"/>
    public string? UserName { get; set => field = EventHeaders.Storable(value, nameof(UserName)); }

    /// <summary>
    /// Called after each save of the session that wrote something, before <see cref="IDocumentSession.SaveChangesAsync"/> returns; in a
    /// <see cref="Transaction"/> of the caller before that is committed. Not called where the outcome is unknown. What it throws is thrown
    /// by the save, although the unit is written.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public Action<Commit>? Saved { get; set; }

    /// <summary>
    /// Called when the session is disposed while it holds changes that were not saved and no save of them is under way. It must not throw.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public Action? Abandoned { get; set; }

    /// <summary>The options as they are now.</summary>
    internal SessionOptions Copy() => (SessionOptions)MemberwiseClone();
}
