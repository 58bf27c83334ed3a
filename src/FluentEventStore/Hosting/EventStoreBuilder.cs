using FluentEventStore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore;

/// <summary>
/// Says what happens with a store when its application starts. All of it is done before anything of the application runs that is started by
/// the host: before the first request is taken.
/// </summary>
public sealed class EventStoreBuilder
{
    private readonly StorePlan _plan;

    internal EventStoreBuilder(IServiceCollection services, StorePlan plan) => (Services, _plan) = (services, plan);

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The key of the store; <see langword="null"/> if it has none.</summary>
    public string? Key => _plan.Key;

    /// <summary>
    /// Brings the database in line with the store: <see cref="IStoreSchema.ApplyAsync"/>. Processes that start together wait for each
    /// other, for as long as <see cref="StartupOptions.SchemaPatience"/> says.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The start is to wait for the schema, or to assert it.</exception>
    public EventStoreBuilder ApplySchemaOnStartup() => Do(SchemaStep.Apply);

    /// <summary>
    /// Waits until another process has brought the database in line with the store, for as long as
    /// <see cref="StartupOptions.SchemaPatience"/> says; then the start fails with a <see cref="SchemaMismatchException"/>. For replicas
    /// whose role may not change the database.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The start is to apply the schema, or to assert it.</exception>
    public EventStoreBuilder WaitForSchemaOnStartup() => Do(SchemaStep.Await);

    /// <summary>
    /// Checks that the database is in line with the store: <see cref="IStoreSchema.AssertAsync"/>. If it is not, the start fails with a
    /// <see cref="SchemaMismatchException"/>.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The start is to apply the schema, or to wait for it.</exception>
    public EventStoreBuilder AssertSchemaOnStartup() => Do(SchemaStep.Assert);

    /// <summary>
    /// Writes what the store is to hold from the beginning, once, whichever process starts first:
    /// <see cref="IEventStore.SeedAsync(string, Func{IDocumentSession, CancellationToken, Task}, CancellationToken)"/>. It
    /// comes after what is done with the schema; several seeds are written in the order of these calls.
    /// </summary>
    /// <param name="name">What tells the seed from others of the store: 1 to 250 characters.</param>
    /// <param name="seed">Fills the session, which is saved afterwards.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is empty, or a seed of the store has it already.</exception>
    public EventStoreBuilder SeedWith(string name, Func<IDocumentSession, CancellationToken, Task> seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return SeedWith(name, (_, session, token) => seed(session, token));
    }

    /// <inheritdoc cref="SeedWith(string, Func{IDocumentSession, CancellationToken, Task})"/>
    /// <param name="name">What tells the seed from others of the store: 1 to 250 characters.</param>
    /// <param name="seed">Fills the session with the help of other services, which come from a scope of their own.</param>
    public EventStoreBuilder SeedWith(string name, Func<IServiceProvider, IDocumentSession, CancellationToken, Task> seed) =>
        Add(name, tenantId: null, seed);

    /// <summary>
    /// Writes what a tenant is to hold from the beginning, once, whichever process starts first. It comes after what is done with the
    /// schema; several seeds are written in the order of these calls.
    /// </summary>
    /// <param name="name">
    /// What tells the seed from others of the store: 1 to 250 characters. Each tenant needs one of its own, as in <c>accounts-north</c>.
    /// </param>
    /// <param name="tenantId">The tenant of the session.</param>
    /// <param name="seed">Fills the session, which is saved afterwards.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is empty, or a seed of the store has it already.</exception>
    public EventStoreBuilder SeedWith(string name, TenantId tenantId, Func<IDocumentSession, CancellationToken, Task> seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return Add(name, tenantId, (_, session, token) => seed(session, token));
    }

    /// <inheritdoc cref="SeedWith(string, TenantId, Func{IDocumentSession, CancellationToken, Task})"/>
    /// <param name="name">What tells the seed from others of the store: 1 to 250 characters.</param>
    /// <param name="tenantId">The tenant of the session.</param>
    /// <param name="seed">Fills the session with the help of other services, which come from a scope of their own.</param>
    public EventStoreBuilder SeedWith(
        string name, TenantId tenantId, Func<IServiceProvider, IDocumentSession, CancellationToken, Task> seed) =>
        Add(name, tenantId, seed);

    /// <summary>
    /// Carries the declared subscriptions of the store while the application runs: from when everything else that is said here is done,
    /// until the host stops. Then the handlers have until the end of the host's shutdown time for the events at hand, and are cancelled
    /// afterwards. The daemon is <see cref="IDaemon"/> among the services, with the key of the store.
    /// </summary>
    /// <param name="mode">How the work is shared with other processes.</param>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The store has a daemon already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public EventStoreBuilder AddDaemon(DaemonMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");

        _plan.Carry(mode);
        StoreRegistration.AddDaemon(Services, _plan, mode);
        return this;
    }

    /// <summary>As <see cref="AddDaemon(DaemonMode)"/> with <see cref="DaemonMode.HotCold"/>.</summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The store has a daemon already.</exception>
    public EventStoreBuilder AddDaemon() => AddDaemon(DaemonMode.HotCold);

    private EventStoreBuilder Add(
        string name, TenantId? tenantId, Func<IServiceProvider, IDocumentSession, CancellationToken, Task> seed)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(seed);
        if (_plan.Seeds.Exists(other => other.Name == name))
            throw new ArgumentException($"{_plan} has a seed '{name}' already.", nameof(name));

        _plan.Seeds.Add(new StoreSeed(name, tenantId, seed));
        return this;
    }

    private EventStoreBuilder Do(SchemaStep step)
    {
        _plan.Do(step);
        return this;
    }
}
