using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FluentEventStore.AspNetCore;

/// <summary>Sets up how stores work in requests.</summary>
public static class EventStoreWebServices
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Lets all sessions of a request work for its tenant and user, also at endpoints without <c>WithUnitOfWork()</c>, and lets
        /// <c>app.UseExceptionHandler()</c> answer exceptions of the store with problem details.
        /// </summary>
        public IServiceCollection AddFluentEventStoreWeb() => services.AddFluentEventStoreWeb(static _ => { });

        /// <inheritdoc cref="AddFluentEventStoreWeb(IServiceCollection)"/>
        /// <param name="configure">Sets options. Several calls set options of the same.</param>
        public IServiceCollection AddFluentEventStoreWeb(Action<EventStoreWebOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            var options = services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance)
                .OfType<EventStoreWebOptions>()
                .FirstOrDefault();
            if (options is null)
            {
                options = new EventStoreWebOptions();
                services.AddSingleton(options);
                services.AddHttpContextAccessor();
                services.AddProblemDetails();
                services.ConfigureHttpJsonOptions(
                    static json => json.SerializerOptions.TypeInfoResolverChain.Add(AnswerJson.Default));

                // Before what the application sets for all scopes, wherever it adds that: it sees what the request says, and wins.
                services.Insert(0, ServiceDescriptor.Singleton<IConfigureSessions, RequestSessions>());
                services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, EventStoreExceptionHandler>());
            }

            configure(options);
            return services;
        }
    }
}
