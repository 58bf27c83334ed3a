using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>How a store connects.</summary>
/// <param name="DataSource">The data source of the application; <see langword="null"/> if the store makes its own.</param>
/// <param name="ConnectionString">Where to connect; <see langword="null"/> if there is a data source, or none was given.</param>
/// <param name="IsBehindPgBouncer">Whether a server connection may be another one in each transaction.</param>
/// <param name="QueriesOnStandby">Whether query sessions read from a standby while one answers.</param>
/// <param name="Schema">The schema of the store.</param>
internal sealed record ConnectionSettings(
    NpgsqlDataSource? DataSource, string? ConnectionString, bool IsBehindPgBouncer, bool QueriesOnStandby, string Schema);
