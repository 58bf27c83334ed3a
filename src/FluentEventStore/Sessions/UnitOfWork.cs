using System.Collections.Frozen;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>What a session collected, and how it is written: one batch, which the server runs as one transaction.</summary>
internal sealed class UnitOfWork(StoreContext context, TenantId tenantId)
{
    /// <summary>How often a unit is sent before it is given up that others keep moving a view of, or that the server rolls back by chance.</summary>
    private const int MaxAttempts = 10;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private Dictionary<string, string>? _headers;

    public PendingAppends Appends { get; } = new(context.TimeProvider);

    public PendingDocuments Documents { get; } = new();

    public FetchedViews Views { get; } = new();

    public string? CorrelationId { get; set; }

    public string? CausationId { get; set; }

    public string? UserName { get; set; }

    public void SetHeader(string key, string value)
    {
        EventHeaders.Check(key, value);
        (_headers ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;
    }

    public void Clear()
    {
        Appends.Clear();
        Documents.Clear();
        Views.Clear();
    }

    public async Task<Commit> SaveAsync(CancellationToken cancellationToken)
    {
        if (Appends.Events.Count == 0 && Documents.Changes.Count == 0)
            return Commit.WithoutEvents;

        var timestamp = context.Now();
        var unit = Appends.Events.Count > 0 ? DescribeEvents(timestamp) : null;
        if (unit is not null)
            await context.PersonalData.SealAsync(unit, cancellationToken).ConfigureAwait(false);

        for (var attempt = 1; ; attempt++)
        {
            var views = unit is null ? FoldedViews.None : await context.Views.FoldAsync(unit, Views, cancellationToken).ConfigureAwait(false);
            try
            {
                var commit = await SendAsync(unit, views, timestamp, cancellationToken).ConfigureAwait(false);
                Clear();
                return commit;
            }
            catch (PostgresException failure)
            {
                var refusal = new Refusal(failure, unit, [.. Documents.Changes, .. views.Changes]);
                if (refusal.EventIdsAreKnown && unit is not null)
                {
                    var recorded = await context.RecordedUnits.FindCommitAsync(unit, cancellationToken).ConfigureAwait(false);
                    Clear();
                    return recorded;
                }

                if (!refusal.MayBeSentAgain || attempt == MaxAttempts)
                {
                    refusal.Throw();
                    throw;
                }

                if (refusal.PositionsAreBehind)
                    await context.Ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);

                Views.Clear();
                await Task.Delay(PauseAfter(attempt), context.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A random part of a pause that doubles with each attempt, so that writers who met once do not meet again.</summary>
    private static TimeSpan PauseAfter(int attempt)
    {
        var longest = ShortestPause * Math.Pow(2, attempt);
        return (longest < LongestPause ? longest : LongestPause) * Random.Shared.NextDouble();
    }

    private EventUnit DescribeEvents(DateTimeOffset timestamp) => new(tenantId, timestamp, Appends)
    {
        CorrelationId = CorrelationId,
        CausationId = CausationId,
        UserName = UserName,
        Headers = _headers ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty,
    };

    private async Task<Commit> SendAsync(EventUnit? unit, FoldedViews views, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        using var payloads = new PayloadWriter();
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            var changes = views.Changes.Count > 0 ? [.. Documents.Changes, .. views.Changes] : Documents.Changes;

            // Streams are locked before documents, everywhere, so that units wait for each other instead of deadlocking; positions are drawn last.
            if (unit is not null && changes.Count > 0)
                context.Append.AddLock(batch, unit, views.Versions ?? FoldedViews.NoVersions(unit));

            if (changes.Count > 0)
                DocumentWriter.Add(batch, tenantId, timestamp, changes, payloads);
            if (unit is not null)
                context.Append.AddAppend(batch, unit, payloads);

            var commit = await context.Database
                .WriteAsync(batch, row => unit is null ? null : Append.ReadCommit(row, unit), cancellationToken)
                .ConfigureAwait(false);
            return commit ?? Commit.WithoutEvents;
        }
    }
}
