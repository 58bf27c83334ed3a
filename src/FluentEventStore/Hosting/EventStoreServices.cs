using FluentEventStore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore;

/// <summary>Adds stores to the services of an application.</summary>
/// <remarks>
/// For each store: <see cref="IEventStore"/> is a singleton; <see cref="IDocumentSession"/>, <see cref="IQuerySession"/> and
/// <see cref="IEventStoreSessions"/> are scoped. The store takes its options from the section <c>FluentEventStore</c> of the
/// configuration if there is one, then from the code of the calls here in their order; the last one wins. If none of them says where to
/// connect, the <see cref="Npgsql.NpgsqlDataSource"/> among the services is used, and stays the application's.
/// </remarks>
public static class EventStoreServices
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds a store whose options are all in the configuration, or set by <c>ConfigureEventStore</c>.</summary>
        /// <returns>Says what happens when the application starts.</returns>
        /// <remarks>Calling it again adds nothing.</remarks>
        public EventStoreBuilder AddFluentEventStore() => StoreRegistration.Add(services, key: null, configure: null);

        /// <summary>Adds a store.</summary>
        /// <param name="configure">Sets options. Called once, when the store is made.</param>
        /// <returns>Says what happens when the application starts.</returns>
        /// <exception cref="InvalidOperationException">A store without a key was added before with options.</exception>
        public EventStoreBuilder AddFluentEventStore(Action<EventStoreOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            return StoreRegistration.Add(services, key: null, (_, options) => configure(options));
        }

        /// <summary>Adds a store.</summary>
        /// <param name="configure">Sets options with the help of other services. Called once, when the store is made.</param>
        /// <returns>Says what happens when the application starts.</returns>
        /// <exception cref="InvalidOperationException">A store without a key was added before with options.</exception>
        public EventStoreBuilder AddFluentEventStore(Action<IServiceProvider, EventStoreOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            return StoreRegistration.Add(services, key: null, configure);
        }

        /// <summary>
        /// Adds one of several stores, whose options are all in the configuration, or set by <c>ConfigureKeyedEventStore</c>. Its services
        /// are keyed; its section of the configuration is <c>FluentEventStore:Stores:</c> and the key.
        /// </summary>
        /// <param name="key">The key of its services, as in <c>[FromKeyedServices("billing")] IDocumentSession session</c>.</param>
        /// <returns>Says what happens when the application starts.</returns>
        /// <exception cref="ArgumentException">The key is empty, or holds a colon.</exception>
        public EventStoreBuilder AddKeyedFluentEventStore(string key)
        {
            CheckKey(key);
            return StoreRegistration.Add(services, key, configure: null);
        }

        /// <summary>
        /// Adds one of several stores. Its services are keyed; its section of the configuration is <c>FluentEventStore:Stores:</c> and the
        /// key.
        /// </summary>
        /// <param name="key">The key of its services, as in <c>[FromKeyedServices("billing")] IDocumentSession session</c>.</param>
        /// <param name="configure">Sets options. Called once, when the store is made.</param>
        /// <returns>Says what happens when the application starts.</returns>
        /// <exception cref="ArgumentException">The key is empty, or holds a colon.</exception>
        /// <exception cref="InvalidOperationException">A store with the key was added before with options.</exception>
        public EventStoreBuilder AddKeyedFluentEventStore(string key, Action<EventStoreOptions> configure)
        {
            CheckKey(key);
            ArgumentNullException.ThrowIfNull(configure);
            return StoreRegistration.Add(services, key, (_, options) => configure(options));
        }

        /// <inheritdoc cref="AddKeyedFluentEventStore(IServiceCollection, string, Action{EventStoreOptions})"/>
        /// <param name="key">The key of its services, as in <c>[FromKeyedServices("billing")] IDocumentSession session</c>.</param>
        /// <param name="configure">Sets options with the help of other services. Called once, when the store is made.</param>
        public EventStoreBuilder AddKeyedFluentEventStore(string key, Action<IServiceProvider, EventStoreOptions> configure)
        {
            CheckKey(key);
            ArgumentNullException.ThrowIfNull(configure);
            return StoreRegistration.Add(services, key, configure);
        }

        /// <summary>
        /// Sets options of the store that is added without a key, from any part of the application, before or after it is added. Runs after
        /// what the store was added with; of several calls, the last one wins.
        /// </summary>
        public IServiceCollection ConfigureEventStore(Action<EventStoreOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            return services.AddSingleton(new StoreSetting(Key: null, (_, options) => configure(options)));
        }

        /// <inheritdoc cref="ConfigureEventStore(IServiceCollection, Action{EventStoreOptions})"/>
        public IServiceCollection ConfigureEventStore(Action<IServiceProvider, EventStoreOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            return services.AddSingleton(new StoreSetting(Key: null, configure));
        }

        /// <summary>As <c>ConfigureEventStore</c>, for a store with a key.</summary>
        /// <exception cref="ArgumentException">The key is empty, or holds a colon.</exception>
        public IServiceCollection ConfigureKeyedEventStore(string key, Action<EventStoreOptions> configure)
        {
            CheckKey(key);
            ArgumentNullException.ThrowIfNull(configure);
            return services.AddSingleton(new StoreSetting(key, (_, options) => configure(options)));
        }

        /// <inheritdoc cref="ConfigureKeyedEventStore(IServiceCollection, string, Action{EventStoreOptions})"/>
        public IServiceCollection ConfigureKeyedEventStore(string key, Action<IServiceProvider, EventStoreOptions> configure)
        {
            CheckKey(key);
            ArgumentNullException.ThrowIfNull(configure);
            return services.AddSingleton(new StoreSetting(key, configure));
        }
    }

    // A colon separates the parts of a path in the configuration.
    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (key.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException($"'{key}' holds a colon: the key names a section of the configuration.", nameof(key));
    }
}
