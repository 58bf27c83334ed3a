namespace FluentEventStore;

/// <summary>The database lacks something that the store needs.</summary>
/// <remarks>Call <c>store.Schema.ApplyAsync()</c>, or run <see cref="Sql"/>.</remarks>
public sealed class SchemaMismatchException(string schema, string sql, Exception? innerException = null)
    : FluentEventStoreException($"Schema '{schema}' lacks something that the store needs. Call store.Schema.ApplyAsync() or run:\n{sql}", innerException)
{
    /// <summary>The schema of the store.</summary>
    public string Schema { get; } = schema;

    /// <summary>The tenant whose database it is; <see langword="null"/> where all tenants share one.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The statements that bring the database up to date.</summary>
    public string Sql { get; } = sql;
}
