namespace FluentEventStore;

/// <summary>
/// Names the converter for all values of a type in the events, documents and snapshots of an assembly, such as <c>[assembly:
/// UseConverter(typeof(InstantConverter))]</c>. It is for a type that you cannot mark with <c>[JsonConverter]</c>, and holds within
/// collections too.
/// </summary>
/// <remarks>
/// <c>[JsonConverter]</c> on a property or on the type itself comes first. Types marked with an attribute of this library keep their form.
/// The converter is not used for keys of dictionaries. An assembly that references this one names the converter again for its own types.
/// </remarks>
/// <param name="converter">A <c>JsonConverter&lt;T&gt;</c> with a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class UseConverterAttribute(Type converter) : Attribute
{
    /// <summary>The converter.</summary>
    public Type Converter { get; } = converter;
}
