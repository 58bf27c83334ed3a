using System.Globalization;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>Waits until subscriptions have got to a position.</summary>
internal sealed class Waiting(
    Database database, SqlIdentifier schema, StatusReader status, Func<Task> moved, TimeSpan lease, TimeProvider clock)
{
    /// <summary>How long after a look the next one follows, if nothing in this process moves.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // By stream, only the keys of the streams at hand matter; what another partition makes of their events is not known here.
    private readonly string _parked = $"""
        select k.subscription, k.key, k.position, k.failure
        from {schema}.{SubscriptionTables.Parked} k
        join {schema}.{SubscriptionTables.Subscriptions} s on s.name = k.subscription and s.version = k.version
        where k.subscription = any ($1) and k.position <= $2 and (s.partition <> 'stream' or k.key = any ($3))
          and ($4::text is null or k.tenant = $4)
        order by k.position
        limit 1
        """;

    /// <summary>Waits until all ranges of subscriptions have handled everything up to a position.</summary>
    /// <param name="names">Which subscriptions.</param>
    /// <param name="position">The position.</param>
    /// <param name="streams">
    /// The streams that matter: if one of their keys is parked, nobody gets there; <see langword="null"/> for none.
    /// </param>
    /// <param name="tenantId">The tenant that matters; <see langword="null"/> for all.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for without end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SubscriptionStoppedException">One does not get there by itself.</exception>
    /// <exception cref="SubscriptionNotFoundException">There is none of a name.</exception>
    /// <exception cref="TimeoutException">The time is over; it says who is behind, and why.</exception>
    public async Task RunAsync(
        IReadOnlyCollection<string> names,
        long position,
        string[]? streams,
        TenantId? tenantId,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (names.Count > 0)
        {
            var next = moved();
            var all = await status.FetchAsync(name: null, lease, cancellationToken).ConfigureAwait(false);
            if (streams is not null)
                await CheckParkedAsync(all, names, position, streams, tenantId, cancellationToken).ConfigureAwait(false);

            var laggards = names.Select(name => FindLaggard(all, name, position, tenantId));
            if (laggards.FirstOrDefault(static one => one is not null) is not { } laggard)
                return;

            var left = timeout == Timeout.InfiniteTimeSpan ? Interval : timeout - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Subscription '{laggard.Name}' is at position {laggard.Position} and has not got to {position} within {timeout}. It "
                        + $"{(IsAhead(laggard) ? "is ahead of the log, which has lost its end. It " : "")}"
                        + $"is {laggard.State}, {laggard.Lag} positions behind the log, at {laggard.Rate:0.#} a second"
                        + $"{(laggard.Failure is { } failure ? $"; {failure}" : ".")}"));

            await Task.WhenAny(next, Task.Delay(left < Interval ? left : Interval, clock, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static SubscriptionStatus? FindLaggard(IReadOnlyList<SubscriptionStatus> all, string name, long position, TenantId? tenantId)
    {
        var found = all.LastOrDefault(one => one.Name == name) ?? throw new SubscriptionNotFoundException(name);
        var behind = found.Ranges
            .Where(range => tenantId is null || range.TenantId == tenantId || (range.TenantId is null && !IsApart(found, range, tenantId)))
            .Where(range => range.Position < position || range.IsAheadOfLog || IsOfAnotherLog(range))
            .ToList();
        foreach (var range in behind)
        {
            if (range.State is SubscriptionState.Faulted or SubscriptionState.Paused)
                throw new SubscriptionStoppedException(
                    name,
                    range.Position,
                    position,
                    range.State == SubscriptionState.Paused
                        ? range.TenantId is { } paused ? $"its tenant '{paused}' is paused." : "it is paused."
                        : $"it is faulted. {range.Failure}");
        }

        return behind is [] ? null : found;
    }

    // What others of the range wait for is nothing to a tenant that has its own.
    private static bool IsApart(SubscriptionStatus found, SubscriptionRangeStatus range, TenantId? tenantId) =>
        found.Ranges.Any(own => own.TenantId == tenantId && own.FirstSlice == range.FirstSlice);

    private static bool IsAhead(SubscriptionStatus one) => one.Ranges.Any(static range => range.IsAheadOfLog);

    private static bool IsOfAnotherLog(SubscriptionRangeStatus range) =>
        range is { State: SubscriptionState.Faulted, Failure.Kind: FailureKind.LogForked };

    private async Task CheckParkedAsync(
        IReadOnlyList<SubscriptionStatus> all,
        IReadOnlyCollection<string> names,
        long position,
        string[] streams,
        TenantId? tenantId,
        CancellationToken cancellationToken)
    {
        if (!all.Any(one => one.Parked > 0 && names.Contains(one.Name)))
            return;

        using var batch = new NpgsqlBatch();
        batch.Add(_parked)
            .With(names.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(position, NpgsqlDbType.Bigint)
            .With(streams, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .WithText(tenantId?.Value);
        var parked = await database.ReadAllAsync(
            batch,
            static row => (Name: row.GetString(0), Key: row.GetString(1), Position: row.GetInt64(2), Failure: row.GetString(3)),
            cancellationToken).ConfigureAwait(false);
        if (parked is [var first])
            throw new SubscriptionStoppedException(
                first.Name, first.Position - 1, position, $"the key '{first.Key}' is parked. {FailureJson.Read(first.Failure)}");
    }
}
