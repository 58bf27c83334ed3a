using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore;

/// <summary>What is said of requests that failed, or lost something.</summary>
internal static partial class ProblemLog
{
    public static ILogger? Of(HttpContext context) => Of(context.RequestServices.GetService<ILoggerFactory>());

    public static ILogger? Of(ILoggerFactory? loggers) => loggers?.CreateLogger("FluentEventStore.AspNetCore");

    [LoggerMessage(1700, LogLevel.Warning, "The request was answered with {StatusCode}: {Title}.")]
    public static partial void RequestFailed(this ILogger log, int statusCode, string title, Exception failure);

    [LoggerMessage(1704, LogLevel.Warning, "The request was answered with {StatusCode}: {Title}. {Failure}: {Reason}")]
    public static partial void RequestPutOff(this ILogger log, int statusCode, string title, string failure, string reason);

    [LoggerMessage(1702, LogLevel.Debug, "The request was answered with {StatusCode}: {Title}.")]
    public static partial void RequestRefused(this ILogger log, int statusCode, string title, Exception failure);

    [LoggerMessage(
        1703,
        LogLevel.Warning,
        "{Method} {Endpoint} was answered with {StatusCode}, and what it collected in a session was not saved: add WithUnitOfWork() to the "
            + "endpoint (with the key of the store, if it has one), or call SaveChangesAsync.")]
    public static partial void Abandoned(this ILogger log, string method, string endpoint, int statusCode);
}
