using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>
/// Which events a decision rests on: those that have all of some tags, of some types or any; and, after <see cref="Or"/>, others beside them.
/// </summary>
public sealed class TagQuery
{
    private readonly List<Clause> _clauses = [new()];

    private TagQuery(Tag tag) => With(tag);

    internal IReadOnlyList<Clause> Clauses => _clauses;

    /// <summary>Events that have this tag.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    public static TagQuery Tagged(Tag tag) => new(tag);

    /// <inheritdoc cref="Tagged(Tag)"/>
    public static TagQuery Tagged(string name, Guid value) => new(new Tag(name, value));

    /// <inheritdoc cref="Tagged(Tag)"/>
    public static TagQuery Tagged(string name, string value) => new(new Tag(name, value));

    /// <summary>Only those that have this tag too.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    public TagQuery And(Tag tag) => With(tag);

    /// <summary>Only those of this type, in every version that is stored under its name; further calls before <see cref="Or"/> add types.</summary>
    /// <exception cref="ArgumentException">The type is no event type.</exception>
    public TagQuery OfType<T>()
        where T : notnull
    {
        if (!EventCatalog.TryGet(typeof(T), out var eventType))
            throw new ArgumentException($"{typeof(T)} is no event type: it is not marked with [Event].");

        _clauses[^1].TypeNames.UnionWith(EventCatalog.NamesOf(eventType));
        return this;
    }

    /// <summary>Also the events that have this tag; what is asked for afterwards narrows these.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    public TagQuery Or(Tag tag)
    {
        _clauses.Add(new Clause());
        return With(tag);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" or ", _clauses);

    private TagQuery With(Tag tag)
    {
        if (tag.IsDefault)
            throw new ArgumentException("default(Tag) is no tag.", nameof(tag));

        _clauses[^1].Tags.Add(tag.ToString());
        return this;
    }

    /// <summary>Events that have all the tags, of any of the types; no types means all.</summary>
    internal sealed class Clause
    {
        public SortedSet<string> Tags { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> TypeNames { get; } = new(StringComparer.Ordinal);

        public override string ToString() =>
            string.Join(" and ", Tags) + (TypeNames.Count == 0 ? "" : $" of {string.Join(", ", TypeNames)}");
    }
}
