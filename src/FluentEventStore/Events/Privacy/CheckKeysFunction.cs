using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that compares the keys of a unit with the stored ones.</summary>
internal static class CheckKeysFunction
{
    public const string Name = "check_keys";

    public const string Arguments = "p_tenants text[], p_subjects text[], p_digests bytea[]";

    /// <summary>
    /// Refuses if a key is another one, or gone: lost, or destroyed meanwhile. Each is looked up by itself, as everywhere.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        begin
          if exists (
            select
            from unnest(p_tenants, p_subjects, p_digests) as u (tenant, subject, digest)
            where (
              select sha256(k.key)
              from {SubjectKeysSchema.TableOf(schema)} k
              where k.tenant = u.tenant
                and k.subject = u.subject
              limit 1) is distinct from u.digest)
          then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.KeysLost}', '{AppendSql.EmptyObject}');
          end if;
        end
        """;
}
