using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore;

/// <summary>What is said of requests that failed.</summary>
internal static partial class ProblemLog
{
    [LoggerMessage(1700, LogLevel.Warning, "The request was answered with {StatusCode}: {Title}.")]
    public static partial void RequestFailed(this ILogger log, int statusCode, string title, Exception failure);
}
