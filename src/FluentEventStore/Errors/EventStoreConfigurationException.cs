namespace FluentEventStore;

/// <summary>A store of an application is configured wrongly: all that was found, at once.</summary>
/// <remarks>Nothing is connected. A host throws it when it starts, or whoever first asks for the store.</remarks>
public sealed class EventStoreConfigurationException : FluentEventStoreException
{
    /// <param name="store">Which store: empty for the one without a key.</param>
    /// <param name="faults">What is wrong: at least one fault.</param>
    /// <param name="innerException">The first of them that code of the application or an option threw, if one did.</param>
    public EventStoreConfigurationException(string store, IReadOnlyList<ConfigurationFault> faults, Exception? innerException)
        : base(Describe(store, faults), innerException)
    {
        Store = store;
        Faults = [.. faults];
    }

    /// <summary>The key of the store, as text; empty if it has none.</summary>
    public string Store { get; }

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }

    private static string Describe(string store, IReadOnlyList<ConfigurationFault> faults) =>
        $"The event store{(store.Length == 0 ? "" : $" '{store}'")} is configured wrongly:{string.Concat(
            faults.Select(static fault => $"{Environment.NewLine}- {fault}"))}";
}
