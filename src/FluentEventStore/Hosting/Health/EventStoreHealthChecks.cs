using FluentEventStore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore;

/// <summary>Adds the health checks of a store.</summary>
public static class EventStoreHealthChecks
{
    extension(IHealthChecksBuilder builder)
    {
        /// <summary>
        /// Adds five checks: <c>fluenteventstore-database</c>, whether the server answers; <c>fluenteventstore-schema</c>, whether it
        /// holds what the store needs; <c>fluenteventstore-settling</c>, whether somebody holds readers of the log back, and who;
        /// <c>fluenteventstore-subscriptions</c>, whether the declared subscriptions follow the log, whichever process carries them;
        /// <c>fluenteventstore-messages</c>, whether messages go out, whichever process sends them. For a store with a key, the key
        /// follows: <c>fluenteventstore-billing-database</c>.
        /// </summary>
        public IHealthChecksBuilder AddFluentEventStore() => builder.AddFluentEventStore(static _ => { });

        /// <inheritdoc cref="AddFluentEventStore(IHealthChecksBuilder)"/>
        /// <param name="configure">Sets when they complain.</param>
        /// <exception cref="ArgumentOutOfRangeException">A time is not more than zero.</exception>
        public IHealthChecksBuilder AddFluentEventStore(Action<EventStoreHealthOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            var options = new EventStoreHealthOptions();
            configure(options);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.SettlingDegradedAfter, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.SettlingUnhealthyAfter, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.SubscriptionsUnhealthyAfter, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.MessagesDegradedAfter, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero);
            var progress = new SubscriptionProgress(options.Clock);
            Add("database", static store => new DatabaseCheck(store));
            Add("schema", static store => new SchemaCheck(store));
            Add("settling", store => new SettlingCheck(store, options.SettlingDegradedAfter, options.SettlingUnhealthyAfter));
            Add("subscriptions", store => new SubscriptionCheck(store, progress, options.SubscriptionsUnhealthyAfter));
            Add("messages", store => new MessageCheck(store, options.MessageClock, options.MessagesDegradedAfter));
            return builder;

            void Add(string name, Func<EventStore, IHealthCheck> make) => builder.Add(new HealthCheckRegistration(
                $"fluenteventstore-{(options.Key is null ? "" : $"{options.Key}-")}{name}",
                services => make(MadeStore.Of(services, options.Key).Store),
                failureStatus: null,
                options.Tags,
                options.Timeout));
        }
    }
}
