using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Keeps the keys in a table of the store.</summary>
internal sealed class SubjectKeysTable(Database database, SqlIdentifier schema, TimeProvider timeProvider) : ISubjectKeys
{
    // 366 random bits of the server's generator make a key. A key made elsewhere would be a parameter of a statement, and those may be in
    // the server's log, which forgetting does not reach.
    private const string NewKey = """
        pg_catalog.sha256(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          || pg_catalog.uuid_send(pg_catalog.gen_random_uuid()))
        """;

    private const string CreateStaging = """
        create temp table fes_keys (subject text collate "C", key bytea) on commit drop
        """;

    private const string CopyIntoStaging = "copy pg_temp.fes_keys from stdin (format binary)";

    private static readonly Dictionary<SubjectId, SubjectKey> NoKeys = [];

    private readonly string _table = SubjectKeysSchema.TableOf(schema);

    // In the order of the subjects, so that units wait for each other instead of deadlocking.
    private string Create => field ??= $"""
        insert into {_table} (tenant, subject, key, created_at)
        select $1, u.subject, {NewKey}, $3
        from pg_catalog.unnest($2) as u (subject)
        order by u.subject collate "C"
        on conflict (tenant, subject) do nothing
        """;

    private string Find => field ??= $"""
        select pg_catalog.array_agg(k.subject), pg_catalog.array_agg(k.key)
        from pg_catalog.unnest($2) as u (subject)
        cross join lateral (
          select k.subject, k.key
          from {_table} k
          where k.tenant = $1
            and k.subject = u.subject
          limit 1
        ) as k
        """;

    private string Add => field ??= $"""
        insert into {_table} (tenant, subject, key, created_at)
        select $1, k.subject, k.key, $2
        from pg_temp.fes_keys k
        order by k.subject
        on conflict (tenant, subject) do nothing
        """;

    // A subject without a key is remembered as forgotten. Creating one at the same time waits for this, or the other way round.
    private string Bar => field ??= $"""
        insert into {_table} (tenant, subject, key, created_at, forgotten_at)
        values ($1, $2, null, $3, $3)
        on conflict (tenant, subject) do nothing
        returning {(int)ForgetOutcome.NothingKnown}
        """;

    private string Forget => field ??= $"""
        update {_table}
        set key = null,
            forgotten_at = $3
        where tenant = $1
          and subject = $2
          and key is not null
        returning {(int)ForgetOutcome.Forgotten}
        """;

    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        AddFind(batch, tenantId, Texts(subjects));
        return await database.ReadFirstAsync(batch, ReadKeys, cancellationToken).ConfigureAwait(false) ?? NoKeys;
    }

    public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
    {
        var texts = Texts(subjects);
        using var batch = new NpgsqlBatch();
        batch.Add(Create)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(texts, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(timeProvider.GetUtcNow().ToUniversalTime(), NpgsqlDbType.TimestampTz);

        // A statement of its own sees what another writer has created meanwhile.
        AddFind(batch, tenantId, texts);
        return await database.WriteAsync(batch, ReadKeys, cancellationToken).ConfigureAwait(false) ?? NoKeys;
    }

    public async Task AddAsync(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> keys, CancellationToken cancellationToken)
    {
        // Copied, because copied rows are in no log of statements.
        var transaction = await database.BeginBulkAsync(CreateStaging, cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await transaction.CopyAsync(CopyIntoStaging, WriteAsync, cancellationToken).ConfigureAwait(false);
        using var batch = new NpgsqlBatch();
        batch.Add(Add).With(tenantId.Value, NpgsqlDbType.Text).With(timeProvider.GetUtcNow().ToUniversalTime(), NpgsqlDbType.TimestampTz);
        await transaction.CommitAsync(batch, static _ => default(object), cancellationToken).ConfigureAwait(false);

        async Task WriteAsync(NpgsqlBinaryImporter importer, CancellationToken token)
        {
            foreach (var (subject, key) in keys)
            {
                await importer.StartRowAsync(token).ConfigureAwait(false);
                await importer.WriteAsync(subject.Value, NpgsqlDbType.Text, token).ConfigureAwait(false);
                await importer.WriteAsync(key.Bytes.ToArray(), NpgsqlDbType.Bytea, token).ConfigureAwait(false);
            }
        }
    }

    public async Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        foreach (var statement in (string[])[Bar, Forget])
        {
            batch.Add(statement)
                .With(tenantId.Value, NpgsqlDbType.Text)
                .With(subject.Value, NpgsqlDbType.Text)
                .With(timeProvider.GetUtcNow().ToUniversalTime(), NpgsqlDbType.TimestampTz);
        }

        var forgotten = await database
            .WriteAsync(batch, static row => (ForgetOutcome?)row.GetInt32(0), cancellationToken)
            .ConfigureAwait(false);
        if (forgotten is { } outcome)
            return outcome;

        // Asking again after an unknown outcome is answered once the standby has it too.
        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return ForgetOutcome.ForgottenBefore;
    }

    private static string[] Texts(IReadOnlyCollection<SubjectId> subjects) => [.. subjects.Select(static subject => subject.Value)];

    private void AddFind(NpgsqlBatch batch, TenantId tenantId, string[] subjects) => batch.Add(Find)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(subjects, NpgsqlDbType.Array | NpgsqlDbType.Text);

    private static Dictionary<SubjectId, SubjectKey>? ReadKeys(NpgsqlDataReader row)
    {
        if (row.IsDBNull(0))
            return null;

        var subjects = row.GetFieldValue<string[]>(0);
        var keys = row.GetFieldValue<byte[]?[]>(1);
        var found = new Dictionary<SubjectId, SubjectKey>(subjects.Length);
        for (var index = 0; index < subjects.Length; index++)
            found.Add(SubjectId.Stored(subjects[index]), keys[index] is { } key ? new SubjectKey(key) : SubjectKey.Forgotten);

        return found;
    }
}
