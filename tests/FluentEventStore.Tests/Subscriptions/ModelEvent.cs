using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>An event of a log in memory.</summary>
internal sealed class ModelEvent(long position, string key, bool isBroken = false) : IEvent
{
    public Guid Id { get; } = new((int)position, 0, 0, new byte[8]);

    public long Position => position;

    public StreamId StreamId { get; } = key;

    public long Version => position;

    public string TypeName => "event";

    public int TypeVersion => 1;

    public DateTimeOffset Timestamp => default;

    public object Data => this;

    public string? CorrelationId => null;

    public string? CausationId => null;

    public string? UserName => null;

    public IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

    public TenantId TenantId => default;

    public EventLink? Link => null;

    /// <summary>Whether it cannot be read, until somebody mends that.</summary>
    public bool IsBroken => isBroken;

    public EventKey Key => EventKey.Of(this, Partition.ByStream);
}
