namespace FluentEventStore;

/// <summary>Says which tenant is in which database. Called by many threads at once.</summary>
public interface ITenantDatabases
{
    /// <summary>Finds the database of a tenant. Called when the tenant is first used, and then at most once in 60 seconds.</summary>
    /// <returns>
    /// Its connection string; <see langword="null"/> if there is no such tenant, and then the next use asks again. If the string has
    /// changed, connections in use are closed after the statement or reading that uses them, and all others lead to the new database.
    /// </returns>
    /// <remarks>If it throws, the earlier answer still holds, if there is one.</remarks>
    ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken);

    /// <summary>Lists all tenants, for what is done to all of them, such as applying the schema.</summary>
    ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken);
}
