namespace FluentEventStore.Events;

/// <summary>The columns of exported rows: those of events, and what else an export says of an event and its stream.</summary>
internal static class ExportColumns
{
    public const int AggregateType = EventColumns.Tenant + 1;
    public const int Tags = EventColumns.Tenant + 2;
    public const int TruncatedBefore = EventColumns.Tenant + 3;
    public const int State = EventColumns.Tenant + 4;
    public const int StreamVersion = EventColumns.Tenant + 5;
    public const int Data = EventColumns.Tenant + 6;

    /// <summary>The weight of all rows of the page, up to each one.</summary>
    public const int Weight = Data + 2;

    /// <summary>The columns, of events <c>e</c>, streams <c>s</c> and <c>tags</c>.</summary>
    public static readonly string Sql = EventColumns.OfTenants(
        "s.id as stream_id", "s.tenant, s.aggregate_type, tags.names, s.truncated_before, s.state, s.version as stream_version");
}
