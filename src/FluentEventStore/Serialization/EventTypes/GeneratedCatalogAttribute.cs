using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>
/// Names the generated class that registers the types of an assembly, so that a compilation that references the assembly can call it.
/// </summary>
/// <param name="catalog">A public static class with a public static method <c>Register()</c>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GeneratedCatalogAttribute(Type catalog) : Attribute
{
    /// <summary>The generated class.</summary>
    public Type Catalog { get; } = catalog;
}
