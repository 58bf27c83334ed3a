using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>What a unit rests on, in the form that the database takes.</summary>
internal sealed class UnitBoundaries
{
    private readonly (string Query, int Clauses)[] _queries;

    public UnitBoundaries(IReadOnlyList<PendingBoundary> boundaries, JsonWriter payloads)
    {
        _queries = [.. boundaries.Select(static boundary => (boundary.Query.ToString(), boundary.Query.Clauses.Count))];
        Tags = [.. boundaries.SelectMany(static boundary => boundary.Query.Clauses).SelectMany(static clause => clause.Tags)];
        Json = Encode(boundaries, payloads);
    }

    /// <summary>The tags that any clause names.</summary>
    public string[] Tags { get; }

    /// <summary>The clauses, one boundary after the other; valid as long as the payloads of the unit are.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The query that a clause is of.</summary>
    /// <param name="clause">Where the clause stands among all: 1 is the first.</param>
    public string QueryOf(int clause) => _queries.First(query => (clause -= query.Clauses) <= 0).Query;

    /// <summary>The clauses of several boundaries as the database takes them, one after the other.</summary>
    public static ReadOnlyMemory<byte> Encode(IEnumerable<PendingBoundary> boundaries, JsonWriter payloads)
    {
        var writer = payloads.Begin();
        writer.WriteStartArray();
        foreach (var boundary in boundaries)
        {
            for (var index = 0; index < boundary.Query.Clauses.Count; index++)
            {
                var clause = boundary.Query.Clauses[index];
                writer.WriteStartObject();
                writer.Name("seen"u8).WriteNumber(boundary.Seen[index]);
                WriteTexts(writer.Name("tags"u8), clause.Tags);
                WriteTexts(writer.Name("types"u8), clause.TypeNames);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        return payloads.Piece;
    }

    private static void WriteTexts(JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
            writer.WriteText(text);

        writer.WriteEndArray();
    }
}
