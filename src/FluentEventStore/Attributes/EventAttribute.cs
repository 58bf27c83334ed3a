namespace FluentEventStore;

/// <summary>
/// Marks a record, class or struct as an event. The source generator writes its registration and its JSON writer and reader.
/// </summary>

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class EventAttribute : Attribute
{
    /// <summary>Takes the type's name in kebab case: <c>AccountOpened</c> is stored as <c>account-opened</c>.</summary>
    public EventAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The name under which the event is stored, 1 to 250 characters. It must never change. <see langword="null"/>: the type's name in
    /// kebab case (<c>AccountOpened</c> is stored as <c>account-opened</c>).
    /// </param>
    public EventAttribute(string? name) => Name = name;

    /// <summary>The name as given; <see langword="null"/> stands for the kebab-case type name.</summary>
    public string? Name { get; }

    /// <summary>Which shape of the named event the type is.</summary>
    /// <value>
    /// 1 or more. Default: 1. The highest version is the current shape. Lower ones stay readable: as they are, or as what an upcaster
    /// (<see cref="UpcasterAttribute"/>) makes of them.
    /// </value>
    public int Version { get; set; } = 1;
}
