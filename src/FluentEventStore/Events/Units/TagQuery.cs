using System.Diagnostics.Contracts;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>
/// Which events a decision rests on: those with all of the given tags, and of the given types if there are any. <see cref="Or"/> adds
/// others.
/// </summary>
/// <remarks>A query never changes: <see cref="And"/>, <see cref="OfType"/> and <see cref="Or"/> return a new one.</remarks>
public sealed class TagQuery
{
    private TagQuery(IReadOnlyList<Clause> clauses) => Clauses = clauses;

    internal IReadOnlyList<Clause> Clauses { get; }

    /// <summary>Events that have this tag.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    public static TagQuery Tagged(Tag tag) => new([new Clause([TextOf(tag)], [])]);

    /// <inheritdoc cref="Tagged(Tag)"/>
    public static TagQuery Tagged(string name, Guid value) => Tagged(new Tag(name, value));

    /// <inheritdoc cref="Tagged(Tag)"/>
    public static TagQuery Tagged(string name, string value) => Tagged(new Tag(name, value));

    /// <summary>Only those that have this tag too.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    [Pure]
    public TagQuery And(Tag tag) => Narrowed(Clauses[^1] with { Tags = Union(Clauses[^1].Tags, [TextOf(tag)]) });

    /// <summary>
    /// Only those of this type, in every version that is stored under its name. Further calls before <see cref="Or"/> add types.
    /// </summary>
    /// <exception cref="ArgumentException">The type is no event type.</exception>
    [Pure]
    public TagQuery OfType<T>()
        where T : notnull =>
        Narrowed(Clauses[^1] with { TypeNames = Union(Clauses[^1].TypeNames, EventCatalog.NamesOf(EventCatalog.Get(typeof(T)))) });

    /// <summary>Also the events that have this tag. What follows narrows only these.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    [Pure]
    public TagQuery Or(Tag tag) => new([.. Clauses, new Clause([TextOf(tag)], [])]);

    /// <summary>What it asks for, in one line: <c>course:1 and term:2 of student-enrolled or course:3</c>.</summary>
    public override string ToString() => string.Join(" or ", Clauses);

    private static string TextOf(Tag tag)
    {
        Tag.ThrowIfDefault(tag);
        return tag.ToString();
    }

    private static IReadOnlyList<string> Union(IEnumerable<string> texts, IEnumerable<string> more) =>
        [.. texts.Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private TagQuery Narrowed(Clause last) => new([.. Clauses.SkipLast(1), last]);

    /// <summary>
    /// Events that have all the tags, and one of the types if there are any. Both are in the order of their characters, without repetition.
    /// </summary>
    internal sealed record Clause(IReadOnlyList<string> Tags, IReadOnlyList<string> TypeNames)
    {
        public override string ToString() =>
            string.Join(" and ", Tags) + (TypeNames.Count == 0 ? "" : $" of {string.Join(", ", TypeNames)}");
    }
}
