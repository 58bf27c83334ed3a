using System.Diagnostics;

namespace FluentEventStore.Subscriptions;

/// <summary>Declares a pulled subscription as others are, so that its ranges are created, claimed and controlled in the same way.</summary>
internal static class PulledDeclaration
{
    /// <exception cref="ArgumentException">
    /// One stream cannot be narrowed by what the filter says, or a transient subscription is to park.
    /// </exception>
    public static Declaration Of(string name, SubscriptionOptions options)
    {
        var filter = options.Filter ?? new EventFilter();
        var (query, narrowed) = Declaration.Reading(filter);
        if (options.Stream is not null && !query.CanJudge)
            throw new ArgumentException(
                $"Subscription '{name}' follows one stream: it cannot be narrowed by tags, aggregates or states of streams.",
                nameof(options));

        if (options is { IsTransient: true, Unreadable: FailedEvent.Park })
            throw new ArgumentException(
                $"Subscription '{name}' is transient: nothing of it is stored, so what cannot be read stops it or is skipped, not parked.",
                nameof(options));

        var from = options.Stream is { } stream ? $"stream '{stream}' of '{options.StreamTenant}': " : "";
        return new Declaration(
            name,
            options.Version,
            Fingerprint: $"pulled, {from}{filter}",
            query,
            Predicate: null,
            options.Start.Point,
            options.Partition ?? (options.Stream is null ? Partition.ByStream : Partition.OfFollowedStream),
            options.Concurrency,
            RetryPolicy.Default with { Then = options.Unreadable },
            HandlerTimeout: null,
            EventHandling.OfEach(static (_, _) => throw new UnreachableException()))
        {
            Narrowed = narrowed,
            Stream = options.Stream is { } one ? (options.StreamTenant, one) : null,
        };
    }
}
