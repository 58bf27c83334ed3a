using Npgsql;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// Npgsql without a library: the least that can be paid for the same rows. It writes our tables with our indexes in one prepared statement
/// a call, checks nothing but takes the stream's next version, and reads columns and the bytes of the JSON without decoding them.
/// </summary>
internal sealed partial class BareContender(string name, string connectionString) : IContender
{
    private const string Tenant = "default";

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name,
            SearchPath = name,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,

            // Nothing here leaves state in a connection, so connections need no reset: that costs more than loading a row.
            NoResetOnClose = true,
        });

    public string Name => name;

    public string Settings => "bare: Npgsql, prepared, connections not reset between uses, one round trip a call, our tables and indexes, "
        + "JSON encoded when written and left as bytes when read, no checks";

    public async Task StartAsync()
    {
        await using NpgsqlCommand command = _database.CreateCommand($"create schema {name}; {Tables}");
        await command.ExecuteNonQueryAsync();
        await _database.ReloadTypesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();

        await _database.DisposeAsync();
    }

    // Written by hand: what FluentEventStore creates may change, and is compared with this (docs/how-to/benchmark.md).
    private const string Tables = """
        create sequence positions minvalue 0 start 0 cache 1;
        select nextval('positions');
        create table streams (
            key bigint generated always as identity primary key,
            tenant text collate "C" not null,
            id text collate "C" not null,
            version bigint not null,
            aggregate_type text collate "C",
            created_at timestamptz not null,
            appended_at timestamptz not null,
            state smallint not null default 0,
            truncated_before bigint not null default 1,
            linked boolean not null default false,
            unique (tenant, id)
        ) with (fillfactor = 70);
        create table events (
            position bigint primary key,
            stream bigint not null,
            version bigint not null,
            id uuid not null unique,
            type text collate "C" not null,
            type_version int not null,
            recorded_at timestamptz not null,
            data jsonb not null,
            correlation_id text collate "C",
            causation_id text collate "C",
            user_name text collate "C",
            headers jsonb,
            unique (stream, version)
        );
        create table doc_payment (
            tenant text collate "C" not null,
            id uuid not null,
            data jsonb not null,
            version bigint not null,
            created_at timestamptz not null,
            modified_at timestamptz not null,
            deleted_at timestamptz,
            type text collate "C",
            primary key (tenant, id)
        );
        """;
}
