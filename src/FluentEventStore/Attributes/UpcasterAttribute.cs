namespace FluentEventStore;

/// <summary>
/// Marks a static method that makes a newer shape of an event out of an older one. The source generator finds it. Whoever reads a stored
/// event of the old shape gets the newest one, through as many upcasters as there are.
/// </summary>
/// <remarks>
/// The method takes the old shape and, if it wants it, <see cref="EventMetadata"/>; it returns a type marked with
/// <see cref="EventAttribute"/>, possibly of another name. It is called whenever such an event is read, so the same event must always give
/// the same result. If it throws, the reader gets an <see cref="EventSerializationException"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class UpcasterAttribute : Attribute
{
    /// <summary>Takes the type of the old shape, as in <c>Upcast(MoneyDepositedV1 old)</c>, which says what is stored.</summary>
    public UpcasterAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The stored name of a shape that has no type any more and is taken as JSON: <c>From(JsonElement old)</c>. <see langword="null"/>: the
    /// method takes the type of the old shape, as in <c>Upcast(MoneyDepositedV1 old)</c>, which says what is stored.
    /// </param>
    public UpcasterAttribute(string? name) => Name = name;

    /// <summary>The stored name of the shape that is taken as JSON; <see langword="null"/> if the method takes a type.</summary>
    public string? Name { get; }

    /// <summary>Which version of the named shape is taken as JSON.</summary>
    /// <value>1 or more. Default: 1. Not set if the method takes a type, which has its own.</value>
    public int Version { get; set; } = 1;
}
