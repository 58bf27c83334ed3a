using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The keys that were fetched lately. Other processes may forget a subject, so nothing is kept longer than a minute.</summary>
internal sealed class SubjectKeyCache(ISubjectKeys keys, TimeProvider timeProvider) : ISubjectKeySource
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(TenantId TenantId, SubjectId Subject), Entry> _entries = new();
    private long _forgotten;

    /// <summary>Whether the keys are kept in the database of the store.</summary>
    public bool IsOfTheStore => keys is SubjectKeysTable;

    public bool MayBeStale => true;

    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        key = null;
        if (!_entries.TryGetValue((tenantId, subject), out var entry))
            return false;

        if (timeProvider.GetElapsedTime(entry.FetchedAt) < Lifetime)
        {
            key = entry.Key;
            return true;
        }

        _entries.TryRemove(new((tenantId, subject), entry));
        return false;
    }

    public async Task<KeySet> FetchAsync(TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        var before = Now();
        return Keep(
            tenantId,
            await LeaveTransactionAsync(token => keys.FindAsync(tenantId, subjects, token), cancellationToken).ConfigureAwait(false),
            before);
    }

    public async Task<KeySet> FetchOrCreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        var before = Now();
        return Keep(
            tenantId,
            await LeaveTransactionAsync(token => keys.FindOrCreateAsync(tenantId, subjects, token), cancellationToken).ConfigureAwait(
                false),
            before);
    }

    /// <summary>Finds keys as they are now, and keeps none of them.</summary>
    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> LookUpAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
        await LeaveTransactionAsync(token => keys.FindAsync(tenantId, subjects, token), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds keys as they are now, creates those that are missing, and keeps none of them.</summary>
    public async Task<KeySet> CreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
        new(
            tenantId,
            await LeaveTransactionAsync(token => keys.FindOrCreateAsync(tenantId, subjects, token), cancellationToken).ConfigureAwait(
                false),
            NoKeys.Instance);

    /// <summary>Takes keys of another store.</summary>
    public async Task AddAsync(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> added, CancellationToken cancellationToken) =>
        await LeaveTransactionAsync(
            async token =>
            {
                await keys.AddAsync(tenantId, added, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public async Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
    {
        try
        {
            return await LeaveTransactionAsync(token => keys.ForgetAsync(tenantId, subject, token), cancellationToken).ConfigureAwait(
                false);
        }
        finally
        {
            // Whatever became of it: it is looked up anew. The count comes first, for a key that was read before and is kept after.
            Interlocked.Increment(ref _forgotten);
            _entries.TryRemove((tenantId, subject), out _);
        }
    }

    // What is kept must not be rolled back with a transaction of whoever happened to ask first: others would encrypt with a key that nobody
    // has.
    private static ValueTask<T> LeaveTransactionAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        OwnFlow.LeaveTransactionAsync(ask, static (ask, token) => new ValueTask<T>(ask(token)), cancellationToken);

    /// <summary>
    /// Taken before keys are read: so that they are not kept longer than a minute after they were true, nor over a forgetting meanwhile.
    /// </summary>
    private (long Timestamp, long Forgotten) Now() => (timeProvider.GetTimestamp(), Interlocked.Read(ref _forgotten));

    private KeySet Keep(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> fetched, (long Timestamp, long Forgotten) before)
    {
        if (_entries.Count > MaxEntries)
            _entries.Clear();

        foreach (var (subject, key) in fetched)
            _entries[(tenantId, subject)] = new Entry(key, before.Timestamp);

        if (Interlocked.Read(ref _forgotten) != before.Forgotten)
        {
            foreach (var subject in fetched.Keys)
                _entries.TryRemove((tenantId, subject), out _);
        }

        return new KeySet(tenantId, fetched, this);
    }

    private sealed record Entry(SubjectKey Key, long FetchedAt);
}
