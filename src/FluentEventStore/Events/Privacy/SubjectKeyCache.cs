using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The keys that were fetched lately. They are kept for a minute at most, as other processes may forget a subject.</summary>
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

    /// <summary>Finds keys as they are now, without caching them.</summary>
    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> LookUpAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
        await LeaveTransactionAsync(token => keys.FindAsync(tenantId, subjects, token), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds keys as they are now and creates those that are missing, without caching them.</summary>
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
            // Whatever the outcome, the key is looked up anew. The count comes first, for a key that was read before and is cached after.
            Interlocked.Increment(ref _forgotten);
            _entries.TryRemove((tenantId, subject), out _);
        }
    }

    // A key must not be rolled back with the transaction of whoever asked first: others would encrypt with a key that nobody has.
    private static ValueTask<T> LeaveTransactionAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        OwnFlow.LeaveTransactionAsync(ask, static (ask, token) => new ValueTask<T>(ask(token)), cancellationToken);

    /// <summary>
    /// Taken before keys are read, so that they are cached for a minute from then at most, and not if a subject was forgotten meanwhile.
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
