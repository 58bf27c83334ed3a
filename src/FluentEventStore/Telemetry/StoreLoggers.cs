using Microsoft.Extensions.Logging;

namespace FluentEventStore.Telemetry;

/// <summary>The loggers of a store, one for each feature. Each feature has a hundred event ids of its own.</summary>
internal sealed class StoreLoggers(ILoggerFactory loggers)
{
    /// <summary>Event ids from 1000 on.</summary>
    public ILogger Connections { get; } = Create(loggers, "Connections");

    /// <summary>Event ids from 1100 on.</summary>
    public ILogger Schema { get; } = Create(loggers, "Schema");

    /// <summary>Event ids from 1200 on.</summary>
    public ILogger Ordering { get; } = Create(loggers, "Ordering");

    /// <summary>Event ids from 1300 on.</summary>
    public ILogger Appending { get; } = Create(loggers, "Appending");

    /// <summary>Event ids from 1400 on.</summary>
    public ILogger Sessions { get; } = Create(loggers, "Sessions");

    /// <summary>Event ids from 1500 on.</summary>
    public ILogger Tenancy { get; } = Create(loggers, "Tenancy");

    /// <summary>Event ids from 1800 on.</summary>
    public ILogger Subscriptions { get; } = Create(loggers, "Subscriptions");

    /// <summary>Event ids from 1900 on.</summary>
    public ILogger Messages { get; } = Create(loggers, "Messages");

    private static QuietLogger Create(ILoggerFactory loggers, string feature) =>
        new(loggers.CreateLogger($"{EventStoreTelemetry.Name}.{feature}"));
}
