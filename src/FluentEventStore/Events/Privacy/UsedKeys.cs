using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// The keys that encrypted some personal data, to be compared with those in the database when it is written: at each place a subject and
/// the digest of its key.
/// </summary>
internal sealed class UsedKeys
{
    private readonly TenantId _tenantId;
    private readonly string[] _subjects;
    private readonly byte[][] _digests;

    public UsedKeys(TenantId tenantId, IEnumerable<KeyValuePair<SubjectId, SubjectKey>> keys)
    {
        _tenantId = tenantId;
        KeyValuePair<SubjectId, SubjectKey>[] used = [.. keys];
        _subjects = Array.ConvertAll(used, static key => key.Key.Value);
        _digests = Array.ConvertAll(used, static key => key.Value.Digest);
    }

    /// <summary>Whether these are the same keys of the same subjects, in whatever order.</summary>
    public bool AreThoseOf(UsedKeys other) =>
        _subjects.Length == other._subjects.Length
        && _subjects.Zip(_digests, static (subject, digest) => (subject, Convert.ToHexString(digest))).ToHashSet()
            .SetEquals(other._subjects.Zip(other._digests, static (subject, digest) => (subject, Convert.ToHexString(digest))));

    /// <summary>
    /// Adds the statement that compares them, if there are any, and refuses the batch if one is lost. After a fail-over, a restore or with
    /// a new schema, a key may be gone: nobody could ever read what it encrypted.
    /// </summary>
    public static void AddCheck(NpgsqlBatch batch, SqlIdentifier schema, IReadOnlyList<UsedKeys> used)
    {
        if (used.All(static keys => keys._subjects.Length == 0))
            return;

        batch.Add($"select {schema}.{CheckKeysFunction.Name}($1, $2, $3)")
            .With<string[]>(
                [.. used.SelectMany(static keys => Enumerable.Repeat(keys._tenantId.Value, keys._subjects.Length))],
                NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With<string[]>([.. used.SelectMany(static keys => keys._subjects)], NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With<byte[][]>([.. used.SelectMany(static keys => keys._digests)], NpgsqlDbType.Array | NpgsqlDbType.Bytea);
    }
}
