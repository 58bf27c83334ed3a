using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that the triggers of the keys call.</summary>
internal static class GuardKeysFunction
{
    /// <summary>
    /// Lets a key be destroyed, once, and nothing else. No key is replaced or comes back. No row is removed: a forgotten subject would get
    /// a key again. No setting turns this off. Each destruction is noted, whoever did it.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        begin
          if tg_op = 'UPDATE' then
            if (new.tenant, new.subject, new.created_at) = (old.tenant, old.subject, old.created_at) then
              if old.key is null and new.key is null and new.forgotten_at = old.forgotten_at then
                return new;
              end if;

              if old.key is not null and new.key is null then
                insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
                values ('forget', new.tenant, jsonb_build_object('subject', new.subject));
                return new;
              end if;
            end if;
          end if;

          raise exception '% of %.% is refused: a key is destroyed for good, and never replaced', tg_op, tg_table_schema, tg_table_name
            using errcode = '{SqlStates.Guarded}', hint = jsonb_build_object('table', tg_table_name, 'operation', tg_op)::text;
        end
        """;
}
