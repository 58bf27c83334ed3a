namespace FluentEventStore;

/// <summary>
/// Tags each event with the value of a property. By a tag, events of any streams that concern the same thing are found, and decisions over
/// all of them are guarded (<c>FetchForWritingAsync</c> with a <see cref="TagQuery"/>).
/// </summary>
/// <remarks>
/// The property is of type <see cref="Guid"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/> or a typed stream id, and is
/// never null. A field with <c>[JsonInclude]</c> counts as a property. On a parameter of a record's primary constructor the attribute
/// applies to the property. It also holds for properties that override this one. Events stored before a property became a tag are not found
/// by it.
/// </remarks>

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class TagAttribute : Attribute
{
    /// <summary>Tags with the kebab-case name of the property.</summary>
    public TagAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">The name of the tag. Default: the kebab-case name of the property.</param>
    public TagAttribute(string? name) => Name = name;

    /// <summary>The name of the tag; <see langword="null"/> means the kebab-case name of the property.</summary>
    public string? Name { get; }
}
