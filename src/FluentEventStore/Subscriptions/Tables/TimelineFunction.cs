namespace FluentEventStore.Subscriptions;

/// <summary>
/// The function in the database that says which server and which of its histories this is: another one after a fail-over, or once a backup
/// is restored. Null where the server does not tell.
/// </summary>
internal static class TimelineFunction
{
    public const string Name = "timeline";

    public const string Body = """
        begin
          return (select s.system_identifier::text from pg_control_system() s)
            || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
        exception
          when others then
            return null;
        end
        """;
}
