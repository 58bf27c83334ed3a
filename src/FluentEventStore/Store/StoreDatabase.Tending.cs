using FluentEventStore.Aggregates;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Store;

internal sealed partial class StoreDatabase
{
    public Task<bool> SeedAsync(
        string name, Func<IDocumentSession, CancellationToken, Task> seed, CancellationToken cancellationToken = default) =>
        SeedAsync(name, Owner ?? TenantId.Default, seed, cancellationToken);

    /// <summary>Writes a seed by a session of a tenant of the database.</summary>
    public async Task<bool> SeedAsync(
        string name, TenantId tenantId, Func<IDocumentSession, CancellationToken, Task> seed, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 250, nameof(name));
        StorableText.Check(name, nameof(name));
        ArgumentNullException.ThrowIfNull(seed);
        try
        {
            return await _seeding
                .RunAsync(
                    name,
                    Context.Writing.Now(),
                    transaction => WriteSeedAsync(transaction, tenantId, seed, cancellationToken),
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PostgresException failure) when (SqlStates.NamesMissingObject(failure.SqlState))
        {
            // Asked after the connection is given back: a pool of one has no other.
            await Schema.AssertAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task WriteSeedAsync(
        NpgsqlTransaction transaction,
        TenantId tenantId,
        Func<IDocumentSession, CancellationToken, Task> seed,
        CancellationToken cancellationToken)
    {
        var session = new DocumentSession(_join(transaction), tenantId, isIdempotent: false);
        await using var _ = session.ConfigureAwait(false);
        await seed(session, cancellationToken).ConfigureAwait(false);
        await session.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<ScrubReport> ScrubAsync(CancellationToken cancellationToken = default) =>
        _scrub.RunAsync(progress: null, cancellationToken);

    public Task<ScrubReport> ScrubAsync(IProgress<ScrubReport> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return _scrub.RunAsync(progress, cancellationToken);
    }

    public Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class =>
        _snapshots.DeleteAsync(AggregateCatalog.Get<T>().Name, cancellationToken);

    public Task<long> FillSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class => FillAsync<T>(progress: null, cancellationToken);

    public Task<long> FillSnapshotsAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(progress);
        return FillAsync<T>(progress, cancellationToken);
    }

    public Task<NaturalKeyReport> FillNaturalKeysAsync<T>(CancellationToken cancellationToken = default)
        where T : class => _keyFilling.RunAsync(AggregateCatalog.KeyOf<T>(), progress: null, cancellationToken);

    public Task<NaturalKeyReport> FillNaturalKeysAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class => _keyFilling.RunAsync(
            AggregateCatalog.KeyOf<T>(), progress ?? throw new ArgumentNullException(nameof(progress)), cancellationToken);

    private Task<long> FillAsync<T>(IProgress<long>? progress, CancellationToken cancellationToken)
        where T : class =>
        Context.Reading.KeptSnapshots.Keeps(typeof(T))
            ? _filling.RunAsync(typeof(T), progress, cancellationToken)
            : throw new ArgumentException(
                $"{typeof(T)} is not kept as a snapshot: "
                    + $"options.Projections.Snapshot<{typeof(T).Name}>(ProjectionLifecycle.Inline) does that.");
}
