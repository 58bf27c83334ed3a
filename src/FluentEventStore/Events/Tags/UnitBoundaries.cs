using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>What a unit rests on, as the database takes it.</summary>
internal sealed class UnitBoundaries
{
    private readonly (string Query, int Clauses)[] _queries;

    public UnitBoundaries(IReadOnlyList<PendingBoundary> boundaries, JsonWriter payloads)
    {
        _queries = [.. boundaries.Select(static boundary => (boundary.Query.ToString(), boundary.Query.Clauses.Count))];
        Tags = [.. boundaries.SelectMany(static boundary => boundary.Query.Clauses).SelectMany(static clause => clause.Tags)];
        Json = BoundaryReader.Encode(boundaries, payloads);
    }

    /// <summary>The tags that any clause names.</summary>
    public string[] Tags { get; }

    /// <summary>The clauses, one boundary after the other; valid as long as the payloads of the unit are.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The query that a clause is of.</summary>
    /// <param name="clause">Where the clause stands among all: 1 is the first.</param>
    public string QueryOf(int clause) => _queries.First(query => (clause -= query.Clauses) <= 0).Query;
}
