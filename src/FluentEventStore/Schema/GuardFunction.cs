using FluentEventStore.Postgres;

namespace FluentEventStore.Schema;

/// <summary>The function in the database that the triggers of guarded tables call.</summary>
internal static class GuardFunction
{
    /// <summary>
    /// Lets a statement pass only if a function of the store has named the verb that the statement belongs to, in the setting
    /// <c>fes.permit</c> of its transaction. TRUNCATE never passes.
    /// </summary>
    public static string Body { get; } = $"""
        begin
          if tg_op = 'TRUNCATE' or coalesce(current_setting('fes.permit', true), '') = '' then
            raise exception '% of %.% is refused: what is recorded stays as it is', tg_op, tg_table_schema, tg_table_name
              using errcode = '{SqlStates.Guarded}', hint = jsonb_build_object('table', tg_table_name, 'operation', tg_op)::text;
          end if;
          return null;
        end
        """;

    /// <summary>Lets the statements that follow pass, until <see cref="Forbid"/>.</summary>
    public static string Permit(string verb) => $"perform set_config('fes.permit', {verb}, true);";

    public const string Forbid = "perform set_config('fes.permit', '', true);";
}
