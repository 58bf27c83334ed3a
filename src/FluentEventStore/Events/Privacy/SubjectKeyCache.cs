using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The keys that were fetched lately. Other processes may forget a subject, so nothing is kept longer than a minute.</summary>
internal sealed class SubjectKeyCache(ISubjectKeys keys, TimeProvider timeProvider) : ISubjectKeySource
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(TenantId TenantId, SubjectId Subject), Entry> _entries = new();

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

    public Task<KeySet> FetchAsync(TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
        FetchAsync(tenantId, keys.FindAsync(tenantId, subjects, cancellationToken));

    public Task<KeySet> FetchOrCreateAsync(TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
        FetchAsync(tenantId, keys.FindOrCreateAsync(tenantId, subjects, cancellationToken));

    public async Task<bool> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.ForgetAsync(tenantId, subject, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Whatever became of it: it is looked up anew.
            _entries.TryRemove((tenantId, subject), out _);
        }
    }

    private async Task<KeySet> FetchAsync(TenantId tenantId, Task<IReadOnlyDictionary<SubjectId, SubjectKey>> fetching)
    {
        // Before they are read: so that they are not kept longer than a minute after they were true.
        var fetchedAt = timeProvider.GetTimestamp();
        var fetched = await fetching.ConfigureAwait(false);
        if (_entries.Count > MaxEntries)
            _entries.Clear();

        foreach (var (subject, key) in fetched)
            _entries[(tenantId, subject)] = new Entry(key, fetchedAt);

        return new KeySet(fetched, this);
    }

    private sealed record Entry(SubjectKey Key, long FetchedAt);
}
