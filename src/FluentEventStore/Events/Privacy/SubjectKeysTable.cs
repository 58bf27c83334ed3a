using System.Security.Cryptography;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Keeps the keys in a table of the store.</summary>
internal sealed class SubjectKeysTable(Database database, SqlIdentifier schema, TimeProvider timeProvider) : ISubjectKeys
{
    // In the order of the subjects, so that units wait for each other instead of deadlocking.
    private readonly string _create = $"""
        insert into {schema}.subject_keys (tenant, subject, key, created_at)
        select $1, u.subject, u.key, $4
        from unnest($2, $3) as u (subject, key)
        order by u.subject collate "C"
        on conflict (tenant, subject) do nothing
        """;

    private readonly string _find = $"""
        select k.subject, k.key
        from pg_catalog.unnest($2) as u (subject)
        cross join lateral (
          select k.subject, k.key
          from {schema}.subject_keys k
          where k.tenant = $1
            and k.subject = u.subject
          limit 1
        ) as k
        """;

    // The key before is read by a statement of its own: what an update returns is the row after it.
    private readonly string _lock = $"""
        select key is not null
        from {schema}.subject_keys
        where tenant = $1
          and subject = $2
        for update
        """;

    private readonly string _forget = $"""
        insert into {schema}.subject_keys as k (tenant, subject, key, created_at, forgotten_at)
        values ($1, $2, null, $3, $3)
        on conflict (tenant, subject) do update
        set key = null,
            forgotten_at = coalesce(k.forgotten_at, excluded.forgotten_at)
        """;

    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        AddFind(batch, tenantId, Texts(subjects));
        return await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        var texts = Texts(subjects);
        using var batch = new NpgsqlBatch();
        batch.Add(_create)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(texts, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(Array.ConvertAll(texts, static _ => RandomNumberGenerator.GetBytes(SubjectKey.Length)), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .With(timeProvider.GetUtcNow(), NpgsqlDbType.TimestampTz);

        // A statement of its own, which sees what another writer has created meanwhile.
        AddFind(batch, tenantId, texts);
        return await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_lock).With(tenantId.Value, NpgsqlDbType.Text).With(subject.Value, NpgsqlDbType.Text);
        batch.Add(_forget)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(subject.Value, NpgsqlDbType.Text)
            .With(timeProvider.GetUtcNow(), NpgsqlDbType.TimestampTz);
        return await database.WriteAsync(batch, static row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
    }

    private static string[] Texts(IReadOnlyCollection<SubjectId> subjects) => [.. subjects.Select(static subject => subject.Value)];

    private void AddFind(NpgsqlBatch batch, TenantId tenantId, string[] subjects) => batch.Add(_find)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(subjects, NpgsqlDbType.Array | NpgsqlDbType.Text);

    private async Task<Dictionary<SubjectId, SubjectKey>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var keys = await database.ReadAllAsync(batch, ReadKey, cancellationToken).ConfigureAwait(false);
        return keys.ToDictionary();

        static KeyValuePair<SubjectId, SubjectKey> ReadKey(NpgsqlDataReader row) =>
            new(new SubjectId(row.GetString(0)), row.IsDBNull(1) ? SubjectKey.Forgotten : new SubjectKey(row.GetFieldValue<byte[]>(1)));
    }
}
