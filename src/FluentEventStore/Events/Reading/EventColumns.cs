namespace FluentEventStore.Events;

/// <summary>
/// The columns of the rows that an <see cref="EventRowReader"/> reads, in their order: those of the table <c>events</c> under the alias
/// <c>e</c>, then stream and tenant.
/// </summary>
internal static class EventColumns
{
    // The id comes first because it tells what a row is. Columns are read in their order, and metadata is needed before the data.
    public const int Id = 0;
    public const int Position = 1;
    public const int Version = 2;
    public const int Type = 3;
    public const int TypeVersion = 4;
    public const int RecordedAt = 5;
    public const int CorrelationId = 6;
    public const int CausationId = 7;
    public const int UserName = 8;
    public const int Headers = 9;
    public const int StreamId = 10;
    public const int Tenant = 11;
    public const int LinkVersion = 11;
    public const int LinkPosition = 12;

    /// <summary>The columns if all rows are of one stream.</summary>
    public const string OfStream = $"e.id, e.position, e.version, e.type, {FromTypeVersion}, e.data";

    private const string FromTypeVersion = "e.type_version, e.recorded_at, e.correlation_id, e.causation_id, e.user_name, e.headers";

    /// <summary>The columns if the rows are of several streams.</summary>
    /// <param name="streamId">The column with the id of an event's stream.</param>
    public static string OfStreams(string streamId) => $"e.id, e.position, e.version, e.type, {FromTypeVersion}, {streamId}, e.data";

    /// <summary>The columns if the rows are of several streams and tenants.</summary>
    /// <param name="streamId">The column with the id of an event's stream.</param>
    /// <param name="tenant">The column with its tenant.</param>
    public static string OfTenants(string streamId, string tenant) => OfStreams($"{streamId}, {tenant}");

    /// <summary>The columns if events of other streams are read through the links of one stream. Some links may lead nowhere.</summary>
    /// <param name="streamId">The column with the id of an event's own stream.</param>
    /// <param name="linkVersion">The column with the version of the link; null if the event is the stream's own.</param>
    /// <param name="linkPosition">The column with the position of the link; null if the event is the stream's own.</param>
    public static string OfLinks(string streamId, string linkVersion, string linkPosition) => $"""
        e.id, e.position, e.version, coalesce(e.type, {Literal(EventRowKind.Gone)}) as type, {FromTypeVersion},
        {streamId}, {linkVersion}, {linkPosition}, e.data
        """;

    /// <summary>The columns of a row that is no event and says only its kind.</summary>
    public static string Of(EventRowKind kind) => Of(kind, "null::bigint", "null::bigint", "null::integer", "null::text", "null::jsonb");

    /// <summary>The columns of a row that is no event, and says something of a stream.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="key">The number of the stream.</param>
    /// <param name="version">A version of it.</param>
    /// <param name="rewritten">How often its past was changed.</param>
    /// <param name="flags">What else there is to say.</param>
    /// <param name="data">The data of the row, with the further columns of events before it, if there are any.</param>
    /// <param name="at">An instant.</param>
    public static string Of(
        EventRowKind kind, string key, string version, string rewritten, string flags, string data, string at = "null::timestamptz") => $"""
        null::uuid, {key}, {version}, {Literal(kind)}, {rewritten}, {at}, {flags}, null::text, null::text, null::jsonb, {data}
        """;

    private static string Literal(EventRowKind kind) => $"'{(char)kind}'::text";
}
