using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// The keys that personal data was encrypted with, to be compared with those that the database has when it is written: a subject and the
/// digest of its key at each place.
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
    /// Adds the statement that compares them, where there are any, and refuses the batch where one is lost. What was encrypted with a key
    /// that is gone by then, with a fail-over, a restore or a new schema, nobody could ever read.
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
