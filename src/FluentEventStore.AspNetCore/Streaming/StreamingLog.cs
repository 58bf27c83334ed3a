using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore;

/// <summary>What is said of answers that go on.</summary>
internal static partial class StreamingLog
{
    [LoggerMessage(1701, LogLevel.Warning, "Server-sent events ended: the client has to connect again.")]
    public static partial void FollowingFailed(this ILogger log, Exception failure);
}
