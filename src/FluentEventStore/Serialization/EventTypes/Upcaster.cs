namespace FluentEventStore.Serialization;

/// <summary>One step of a chain: from a stored shape to a type of a newer one.</summary>
/// <param name="name">The method, for errors.</param>
/// <param name="target">The type of what it makes.</param>
internal abstract class Upcaster(string name, Type target)
{
    public string Name { get; } = name;

    public Type Target { get; } = target;

    /// <summary>Makes the newer shape.</summary>
    /// <exception cref="EventSerializationException">The method threw, or returned null.</exception>
    public object Upcast(object old, in EventMetadata metadata)
    {
        try
        {
            return Call(old, metadata) ?? throw new InvalidOperationException("It returned null.");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new EventSerializationException(
                metadata.Location, new JsonPlace("$", ""), $"The upcaster {Name} failed: {failure.Message}", failure);
        }
    }

    protected abstract object? Call(object old, in EventMetadata metadata);
}

internal sealed class Upcaster<TOld, TNew>(string name, Func<TOld, EventMetadata, TNew> upcast) : Upcaster(name, typeof(TNew))
    where TOld : notnull
    where TNew : notnull
{
    protected override object? Call(object old, in EventMetadata metadata) => upcast((TOld)old, metadata);
}
