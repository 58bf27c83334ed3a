using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>The one place where tests call the store's function that appends, in whatever transaction its connection is in.</summary>
internal static class AppendCall
{
    /// <summary>Appends an event for each text to one stream of the default tenant.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string schema, string stream, IReadOnlyList<string> texts)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {schema}.append('default', array[$1], array[null], array[-2], array[$2], now(), null, null, null,
              array_fill(1, array[$2]), array(select generate_series(1, $2)), array(select gen_random_uuid() from generate_series(1, $2)),
              array_fill('note-taken'::text, array[$2]), array_fill(1, array[$2]),
              array(
                select jsonb_build_object('text', t.text) from unnest($3) with ordinality as t (text, ordinal) order by t.ordinal), null)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = texts.Count });
        command.Parameters.Add(
            new NpgsqlParameter<string[]> { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }
}
