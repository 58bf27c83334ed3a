using System.Text.Json;

namespace FluentEventStore.Events;

/// <summary>The names in the lines of an exported file: a first line, one line per event or link, a last line.</summary>
internal static class EventLine
{
    public const string FormatName = "fluent-event-store-events";
    public const int FormatVersion = 1;

    public const string Format = "format";
    public const string Events = "events";
    public const string Sha256 = "sha256";

    public const string Stream = "stream";
    public const string Tenant = "tenant";
    public const string Version = "version";
    public const string Id = "id";
    public const string Link = "link";
    public const string Type = "type";
    public const string TypeVersion = "typeVersion";
    public const string Timestamp = "timestamp";
    public const string Position = "position";
    public const string Aggregate = "aggregate";
    public const string CorrelationId = "correlationId";
    public const string CausationId = "causationId";
    public const string UserName = "userName";
    public const string TruncatedBefore = "truncatedBefore";
    public const string State = "state";
    public const string Archived = "archived";
    public const string Deleted = "deleted";
    public const string Headers = "headers";
    public const string Tags = "tags";
    public const string Data = "data";

    public const string Subject = "subject";
    public const string Key = "key";
    public const string Forgotten = "forgotten";

    /// <summary>A line holds the data of an event one level below its top.</summary>
    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = StorableJson.MaxDepth + 1 };
}
