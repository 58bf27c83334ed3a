using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>What generated code knows of a type of events besides its name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EventTraits<T>
{
    /// <summary>Whether the type, or one within it, has a property that is personal data.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool HoldsPersonalData { get; init; }

    /// <summary>The tags of an event of this type.</summary>
    /// <value>Default: <see langword="null"/>, for a type without tags.</value>
    public Func<T, Tag[]>? Tags { get; init; }

    /// <summary>The properties for views, a line for each: the type in PostgreSQL, a space, the name in JSON.</summary>
    /// <value>Default: empty, for none.</value>
    public string Columns { get; init; } = "";
}
