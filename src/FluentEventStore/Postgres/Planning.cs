namespace FluentEventStore.Postgres;

/// <summary>Settings for the planner, until the transaction ends.</summary>
internal static class Planning
{
    /// <summary>
    /// To select or perform before statements that join or update by keys. Plans are kept while tables grow. A small table is read whole as
    /// quickly as by its key, and a plan made for it would go on reading it whole when it is large; so no plan may read a table whole. What
    /// can only be read whole, even a single row, then looks so expensive that the server would compile the plan, which takes a tenth of a
    /// second at every call.
    /// </summary>
    public const string ByKeys = "pg_catalog.set_config('enable_seqscan', 'off', true), pg_catalog.set_config('jit', 'off', true)";

    /// <summary>
    /// The statement to send before one that reads a page. Also turns off memoizing: the server would remember each stream that it looks up
    /// under the event's version too, which comes only once.
    /// </summary>
    public const string ForPages = $"select {ByKeys}, pg_catalog.set_config('enable_memoize', 'off', true)";

    /// <summary>
    /// The statement to send before one that reads a page of the whole log. A page begins where it begins: a plan that sorts would read all
    /// that is asked for before its first row. What is remembered of streams is asked for by nothing but their key.
    /// </summary>
    public const string ForLog = $"""
        select {ByKeys}, pg_catalog.set_config('enable_bitmapscan', 'off', true), pg_catalog.set_config('enable_sort', 'off', true)
        """;
}
