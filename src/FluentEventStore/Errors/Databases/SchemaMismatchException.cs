namespace FluentEventStore;

/// <summary>The database lacks something that the store needs.</summary>
/// <remarks>The message names the first differences; <see cref="Sql"/> holds the statements, which may be many.</remarks>
public sealed class SchemaMismatchException(string schema, string message, string sql, Exception? innerException)
    : FluentEventStoreException(message, innerException)
{
    /// <summary>The schema of the store.</summary>
    public string Schema { get; } = schema;

    /// <summary>The tenant whose database it is; <see langword="null"/> if all tenants share one.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The statements that bring the database up to date.</summary>
    public string Sql { get; } = sql;
}
