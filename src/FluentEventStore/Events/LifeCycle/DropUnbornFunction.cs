using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that removes the rows by which a unit has locked streams that do not exist.</summary>
internal static class DropUnbornFunction
{
    public const string Name = "drop_unborn";

    public const string Arguments = "p_tenant text, p_streams text[]";

    /// <summary>
    /// A stream that does not exist can only be locked by a row, which must leave no trace: a stream begins with its first event. Others
    /// wait until the unit is committed.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        begin
          perform {Planning.ByKeys};

          {GuardFunction.Permit("'unborn'")}
          delete from {schema}.{EventTables.Streams}
          where tenant = p_tenant and id = any (p_streams) and version = 0 and state = {StreamStates.Active};
          {GuardFunction.Forbid}
        end
        """;
}
