namespace FluentEventStore;

/// <summary>One thing that is wrong with how a store is configured.</summary>
/// <param name="Option">
/// The option, as it stands in the configuration (<c>FluentEventStore:Schema</c>) or, if code sets it, its name in the options.
/// </param>
/// <param name="Reason">What is wrong. It never holds a connection string.</param>
public sealed record ConfigurationFault(string Option, string Reason)
{
    /// <summary>For a list of faults: the option, then the reason.</summary>
    public override string ToString() => $"{Option}: {Reason}";
}
