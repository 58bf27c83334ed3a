namespace FluentEventStore.Events;

/// <summary>The SQL that ends a page by the weight of its events, so that pages of large events do not get larger.</summary>
internal static class PageWeight
{
    /// <summary>
    /// The column with the weight of an event, of the table <c>events</c> under the alias <c>e</c>. It comes from the size on disk, which
    /// is known without fetching and unpacking what is stored beside the row. A unit is eight bytes, or one compressed byte: JSON is
    /// usually compressed less than that.
    /// </summary>
    public const string Column = $"{OfData} + {OfHeaders} as weight";

    /// <summary>How many bytes of JSON a unit of weight stands for.</summary>
    public const int BytesOfUnit = 8;

    /// <summary>Nulls for the columns that a cut page has beyond those of its events.</summary>
    public const string Nulls = "null::integer, null::bigint";

    private const string OfData =
        "coalesce(pg_catalog.pg_column_size(e.data) "
        + "/ case when pg_catalog.pg_column_compression(e.data) is null then 8 else 1 end, 0)";

    private const string OfHeaders =
        "coalesce(pg_catalog.pg_column_size(e.headers) "
        + "/ case when pg_catalog.pg_column_compression(e.headers) is null then 8 else 1 end, 0)";

    /// <summary>Cuts a page behind the row that reaches the limit. Its last column becomes the weight of all rows up to each one.</summary>
    /// <param name="page">The statement of the page, whose last column is <see cref="Column"/>.</param>
    /// <param name="order">What its rows are ordered by.</param>
    /// <param name="limit">The parameter with the limit.</param>
    public static string Cut(string page, string order, string limit) => $"""
        select w.*
        from (
          select page.*, sum(page.weight) over (order by {order} rows between unbounded preceding and current row) as total
          from (
        {page}
          ) as page
        ) as w
        where w.total - w.weight < {limit}
        order by {order}
        """;
}
