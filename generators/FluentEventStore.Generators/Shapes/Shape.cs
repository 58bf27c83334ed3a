namespace FluentEventStore.Generators.Shapes;

/// <summary>
/// A type for which a codec is generated. It follows from the type and the form alone, whichever event or document holds it.
/// </summary>
/// <param name="CodecName">The name of the generated struct, unique in the compilation.</param>
/// <param name="TypeName">The fully qualified type.</param>
internal abstract record Shape(string CodecName, string TypeName);
