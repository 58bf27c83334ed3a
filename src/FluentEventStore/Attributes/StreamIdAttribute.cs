namespace FluentEventStore;

/// <summary>
/// Marks a <c>readonly partial record struct</c> over one <see cref="Guid"/>, <see cref="string"/>, <see cref="int"/> or <see cref="long"/>
/// as the typed id of a stream, or of a document. The source generator writes its implicit conversions to <see cref="StreamId"/> and
/// <see cref="DocumentId"/>. In JSON the id is its value.
/// </summary>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class StreamIdAttribute : Attribute;
