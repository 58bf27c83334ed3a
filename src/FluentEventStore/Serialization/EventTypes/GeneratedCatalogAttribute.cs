using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>
/// Points from an assembly to the generated class that registers its types, so that a compilation that references it can call it.
/// </summary>
/// <param name="catalog">A public static class with a public static method <c>Register()</c>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GeneratedCatalogAttribute(Type catalog) : Attribute
{
    /// <summary>The generated class.</summary>
    public Type Catalog { get; } = catalog;
}
