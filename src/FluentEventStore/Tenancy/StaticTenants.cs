using Npgsql;

namespace FluentEventStore.Tenancy;

/// <summary>Tenants that are known from the start.</summary>
internal sealed class StaticTenants : ITenantDatabases
{
    private readonly Dictionary<TenantId, string> _connectionStrings;

    public StaticTenants(IReadOnlyDictionary<TenantId, string> connectionStrings)
    {
        foreach (var (tenantId, text) in connectionStrings)
            Check(tenantId, text);

        _connectionStrings = new Dictionary<TenantId, string>(connectionStrings);
    }

    public ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken) =>
        new(_connectionStrings.GetValueOrDefault(tenantId));

    public ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken) =>
        new([.. _connectionStrings.Keys.OrderBy(static tenantId => tenantId.Value, StringComparer.Ordinal)]);

    private static void Check(TenantId tenantId, string text)
    {
        try
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(text);
            _ = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The connection string of tenant '{tenantId}' cannot be read: {e.Message}", nameof(text), e);
        }
    }
}
