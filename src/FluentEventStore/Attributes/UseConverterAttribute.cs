namespace FluentEventStore;

/// <summary>
/// Names the converter for all values of a type in the events, documents and snapshots of an assembly, such as <c>[assembly:
/// UseConverter(typeof(InstantConverter))]</c>: for a type whose author cannot mark it with <c>[JsonConverter]</c>, also within
/// collections.
/// </summary>
/// <remarks>
/// <c>[JsonConverter]</c> on a property or on the type itself comes first. Types marked with an attribute of this library keep their form.
/// The converter is not asked for keys of dictionaries. Who references the assembly names it again for what is declared there.
/// </remarks>
/// <param name="converter">A <c>JsonConverter&lt;T&gt;</c> with a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class UseConverterAttribute(Type converter) : Attribute
{
    /// <summary>The converter.</summary>
    public Type Converter { get; } = converter;
}
