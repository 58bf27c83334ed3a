using System.Data.Common;

namespace FluentEventStore.Telemetry;

/// <summary>What spans and measurements say of a failure: little, so that they can be counted, and nothing of what was stored.</summary>
internal static class ErrorType
{
    public static string Of(Exception failure) => failure switch
    {
        OperationCanceledException => typeof(OperationCanceledException).FullName!,
        DbException { SqlState: { } state } => state,
        _ => failure.GetType().FullName ?? "_OTHER",
    };
}
