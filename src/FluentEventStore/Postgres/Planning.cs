namespace FluentEventStore.Postgres;

/// <summary>What the server is told about plans, until the transaction ends.</summary>
internal static class Planning
{
    /// <summary>
    /// To select or perform before statements that join or update by keys. Plans are kept while tables grow: one that was made for a small
    /// table, which is read whole as quickly as by its key, would go on reading it whole when it is large; so none is made that reads a
    /// table whole. What can only be read whole, be it a single row, then looks so expensive that the server would compile the plan, for a
    /// tenth of a second at every call.
    /// </summary>
    public const string ByKeys = "pg_catalog.set_config('enable_seqscan', 'off', true), pg_catalog.set_config('jit', 'off', true)";

    /// <summary>
    /// The statement before one that reads a page. Beside the above, the server would remember each stream that it looks up for an event
    /// under the event's version too, which comes only once.
    /// </summary>
    public const string ForPages = $"select {ByKeys}, pg_catalog.set_config('enable_memoize', 'off', true)";
}
