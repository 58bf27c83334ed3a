namespace FluentEventStore;

/// <summary>
/// Marks a class or record as a document. Its property <c>Id</c> is its identity and of type <see cref="Guid"/>, <see cref="string"/>,
/// <see cref="int"/> or <see cref="long"/>.
/// </summary>

[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DocumentAttribute : Attribute
{
    /// <summary>Takes the type's name in kebab case.</summary>
    public DocumentAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The name of the document, part of its table's name (<c>doc_customer</c>); lower-case letters, digits, <c>-</c> and <c>_</c>, 1 to 50
    /// characters. <see langword="null"/>: the type's name in kebab case.
    /// </param>
    public DocumentAttribute(string? name) => Name = name;

    /// <summary>The name as given; <see langword="null"/> stands for the kebab-case type name.</summary>
    public string? Name { get; }
}
