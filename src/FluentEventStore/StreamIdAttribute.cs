namespace FluentEventStore;

/// <summary>
/// Marks a <c>readonly partial record struct</c> over one <see cref="Guid"/> or <see cref="string"/> as the typed id of a stream. The source generator
/// writes its implicit conversion to <see cref="StreamId"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class StreamIdAttribute : Attribute;
