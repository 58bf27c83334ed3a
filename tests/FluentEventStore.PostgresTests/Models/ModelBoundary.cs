namespace FluentEventStore.PostgresTests.Models;

/// <summary>
/// A decision over tags: its clauses, each of which asks for all of its tags, and the position up to which each of them was seen.
/// </summary>
public sealed record ModelBoundary(IReadOnlyList<IReadOnlyList<Tag>> Clauses, IReadOnlyList<long> Seen)
{
    public TagQuery Query
    {
        get
        {
            var query = default(TagQuery);
            foreach (var clause in Clauses)
            {
                query = query is null ? TagQuery.Tagged(clause[0]) : query.Or(clause[0]);
                foreach (var tag in clause.Skip(1))
                    query = query.And(tag);
            }

            return query!;
        }
    }

    public static bool Matches(IReadOnlyList<Tag> clause, ModelEvent @event) => clause.All(tag => @event.Tags.Contains(tag.ToString()));

    public bool IsMovedBy(ModelEvent @event) => Clauses.Zip(Seen).Any(it => @event.Position > it.Second && Matches(it.First, @event));
}
