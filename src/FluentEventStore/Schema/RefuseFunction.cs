namespace FluentEventStore.Schema;

/// <summary>The function in the database that fails a transaction with an SQLSTATE of the store and its data.</summary>
internal static class RefuseFunction
{
    public const string Name = "refuse";

    public const string Arguments = "p_sqlstate text, p_data jsonb";

    public const string Body = """
        begin
          raise exception 'refused by the event store' using errcode = p_sqlstate, hint = p_data::text;
        end
        """;
}
