using System.Globalization;
using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>A subscription as it was declared. It never changes.</summary>
/// <param name="Name">What its progress is stored under.</param>
/// <param name="Version">The version of its handler.</param>
/// <param name="Fingerprint">
/// What must be the same in all processes that carry the subscription. Two that pass over different events would lose some between them.
/// </param>
/// <param name="Query">
/// What is read for it: events of archived and deleted streams too, which would be missing once the streams are shown again.
/// </param>
/// <param name="Predicate">What else an event has to be; <see langword="null"/> for nothing.</param>
/// <param name="Start">Where it begins when it is created.</param>
/// <param name="Partition">By which key its events stay in order.</param>
/// <param name="Concurrency">In how many ranges it is created.</param>
/// <param name="Retries">What happens when an event cannot be handled.</param>
/// <param name="HandlerTimeout">How long a call may take; <see langword="null"/> for without limit.</param>
/// <param name="Handling">What is done with events.</param>
internal sealed record Declaration(
    string Name,
    int Version,
    string Fingerprint,
    LogQuery Query,
    Func<IEvent, bool>? Predicate,
    StartPoint Start,
    Partition Partition,
    int Concurrency,
    RetryPolicy Retries,
    TimeSpan? HandlerTimeout,
    EventHandling Handling)
{
    /// <summary>The stream that it follows, links included; <see langword="null"/> if it follows the log.</summary>
    public (TenantId TenantId, StreamId StreamId)? Stream { get; init; }

    /// <summary>Whether a tenant that keeps others waiting is handled beside them.</summary>
    public bool IsShared { get; init; }

    /// <summary>What it keeps of a projection; <see langword="null"/> if it keeps none.</summary>
    public ProjectionBuild? Build { get; init; }

    /// <summary>Whether it writes for all tenants together, under <see cref="FluentEventStore.TenantId.Default"/>.</summary>
    public bool IsOfStore { get; init; }

    /// <summary>The tenant for which it writes what it makes of an event.</summary>
    public TenantId TenantOf(IEvent @event) => IsOfStore ? FluentEventStore.TenantId.Default : @event.TenantId;

    /// <summary>Makes the query for one tenant.</summary>
    public required Func<TenantId, LogQuery> Narrowed { private get; init; }

    /// <summary>How a node says that it knows this version by this partition: other nodes leave it alone.</summary>
    public string Known { get; } = KnownAs(Name, Version, Partition.Name);

    /// <summary>What is read for one tenant alone: a filter that names tenants is left as it is.</summary>
    public LogQuery QueryOf(TenantId tenantId) => Query.Tenants.Length > 0 ? Query : Narrowed(tenantId);

    /// <summary>What is read of the log by a filter as it is now, and how that is narrowed to one tenant.</summary>
    public static (LogQuery Query, Func<TenantId, LogQuery> Narrowed) Reading(EventFilter filter)
    {
        var copy = filter.CopyForAll();
        return (Of(filter), tenantId => Of(copy.ForTenant(tenantId)));

        static LogQuery Of(EventFilter filter) => new(filter, reader: null, StreamStates.Deleted);
    }

    /// <summary>How a node says that it knows a version of a subscription, and by which partition.</summary>
    public static string KnownAs(string name, int version, string partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}:{name} by {partition}");
}
