namespace FluentEventStore;

/// <summary>How a session is opened.</summary>
public sealed class SessionOptions
{
    /// <summary>The tenant whose streams and documents the session sees and writes.</summary>
    /// <value>Default: <see cref="TenantId.Default"/>.</value>
    public TenantId TenantId { get; set; }

    /// <summary>
    /// Whether units of work are recorded by an id of their own, so that a unit of documents alone, too, is written once when it is saved again after
    /// its outcome was unknown. A unit with events, links or changes of streams is protected without it. Costs a row a unit.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Idempotent { get; set; }
}
