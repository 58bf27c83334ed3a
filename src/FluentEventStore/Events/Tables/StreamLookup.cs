using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The SQL that looks up the stream of each event, or of each link.</summary>
internal static class StreamLookup
{
    /// <summary>
    /// Joins the stream as <c>s</c>, by its key. Lateral with an offset, so that the events drive: a plan that begins with the streams
    /// would read all events once for each of them.
    /// </summary>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="row">The alias of the events, or of the links.</param>
    /// <param name="columns">Which columns of the stream are needed.</param>
    /// <param name="conditions">Further conditions for the stream; each begins with <c>and</c>.</param>
    public static string Of(SqlIdentifier schema, string row, string columns, string conditions) => $"""
        cross join lateral (
          select {columns}
          from {schema}.{EventTables.Streams} s
          where s.key = {row}.stream
            {conditions}
          offset 0
        ) as s
        """;

    /// <summary>Whether an event <c>e</c> of the stream <c>s</c> is shown to readers who see streams up to a state.</summary>
    public static string IsShown(string state) => $"and s.state <= {state} and {IsLeft}";

    /// <summary>Whether an event <c>e</c> of the stream <c>s</c> is not truncated.</summary>
    public const string IsLeft = "s.truncated_before <= e.version";
}
