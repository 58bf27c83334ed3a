namespace FluentEventStore.Generators.Shapes;

/// <summary>How numbers stand in JSON, if an attribute says so.</summary>
internal enum NumberForm
{
    /// <summary>As JSON numbers, which are read from strings too.</summary>
    Lenient,

    /// <summary>As JSON numbers; those that JSON does not have, by their names.</summary>
    Named,

    /// <summary>As strings.</summary>
    Text,
}
