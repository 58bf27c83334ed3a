namespace FluentEventStore;

/// <summary>
/// Registers a closed generic event type: <c>[assembly: ClosedEvent(typeof(Imported&lt;Order&gt;))]</c>. It is needed only for a type that
/// no method of an aggregate, handler, decider or upcaster of the assembly takes or returns: those are registered anyway.
/// </summary>
/// <remarks>
/// Its stored name is that of <see cref="EventAttribute"/> on its definition, followed by the names of its arguments:
/// <c>[Event("imported")]</c> makes <c>imported-of-order</c>; with two arguments it is <c>paired-of-order-and-line</c>. The same holds for
/// its aliases.
/// </remarks>
/// <param name="type">The closed type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class ClosedEventAttribute(Type type) : Attribute
{
    /// <summary>The closed type.</summary>
    public Type Type { get; } = type;
}
