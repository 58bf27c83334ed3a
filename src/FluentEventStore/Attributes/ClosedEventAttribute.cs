namespace FluentEventStore;

/// <summary>
/// Registers a closed generic event type, such as <c>[assembly: ClosedEvent(typeof(Imported&lt;Order&gt;))]</c>, which no method of an
/// aggregate, handler, decider or upcaster of the assembly names: the types that these take or return are registered anyway.
/// </summary>
/// <remarks>
/// Its stored name is that of <see cref="EventAttribute"/> on its definition with the names of its arguments: <c>[Event("imported")]</c>
/// makes <c>imported-of-order</c>, and of two arguments <c>paired-of-order-and-line</c>. So do its aliases.
/// </remarks>
/// <param name="type">The closed type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class ClosedEventAttribute(Type type) : Attribute
{
    /// <summary>The closed type.</summary>
    public Type Type { get; } = type;
}
