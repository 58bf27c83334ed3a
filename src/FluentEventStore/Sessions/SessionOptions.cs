namespace FluentEventStore;

/// <summary>How a session is opened.</summary>
public sealed class SessionOptions
{
    /// <summary>The tenant whose streams and documents the session sees and writes.</summary>
    /// <value>Default: <see cref="TenantId.Default"/>.</value>
    public TenantId TenantId { get; set; }
}
