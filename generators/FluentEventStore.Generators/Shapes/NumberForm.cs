namespace FluentEventStore.Generators.Shapes;

/// <summary>How numbers stand in JSON where that is said of them.</summary>
internal enum NumberForm
{
    /// <summary>As JSON numbers, which are read from strings too.</summary>
    Lenient,

    /// <summary>As JSON numbers, but for those that JSON has none for: these by their names.</summary>
    Named,

    /// <summary>As strings.</summary>
    Text,
}
