using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FluentEventStore.Hosting;

/// <summary>What the start of an application says in its log. That the schema was changed is said by the store.</summary>
internal static partial class StartLog
{
    public static ILogger Of(IServiceProvider services) =>
        services.GetService<ILoggerFactory>()?.CreateLogger("FluentEventStore.Startup") ?? NullLogger.Instance;

    [LoggerMessage(1600, LogLevel.Information, "{Store}: waiting until another process has brought the schema up to date.")]
    public static partial void WaitingForSchema(this ILogger log, string store);

    [LoggerMessage(1601, LogLevel.Warning, "Waiting for the database: {Reason}")]
    public static partial void WaitingForDatabase(this ILogger log, string reason);

    [LoggerMessage(1602, LogLevel.Information, "{Store}: the seed {Seed} was written.")]
    public static partial void Seeded(this ILogger log, string store, string seed);
}
