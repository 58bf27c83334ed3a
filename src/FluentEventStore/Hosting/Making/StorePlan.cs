namespace FluentEventStore.Hosting;

/// <summary>What an application says of one of its stores: how it is made, and what happens at the start.</summary>
internal sealed class StorePlan(string? key)
{
    public string? Key { get; } = key;

    /// <summary>What the store was added with; <see langword="null"/> if the configuration says it all.</summary>
    public Action<IServiceProvider, EventStoreOptions>? Configure { get; set; }

    /// <summary>What is done with the schema at the start; <see langword="null"/> for nothing.</summary>
    public SchemaStep? Schema { get; private set; }

    public List<StoreSeed> Seeds { get; } = [];

    /// <summary>How the application carries the subscriptions of the store; <see langword="null"/> if it does not.</summary>
    public DaemonMode? Daemon { get; private set; }

    /// <exception cref="InvalidOperationException">Something else is to be done with it.</exception>
    public void Do(SchemaStep step)
    {
        if (Schema is { } other && other != step)
            throw new InvalidOperationException(
                $"At the start, {this} is to {Name(other)} and to {Name(step)}: choose one of them.");

        Schema = step;
    }

    /// <exception cref="InvalidOperationException">It carries them already.</exception>
    public void Carry(DaemonMode mode)
    {
        if (Daemon is not null)
            throw new InvalidOperationException($"Twice, {this} is to have a daemon: one carries all subscriptions of the store.");

        Daemon = mode;
    }

    /// <summary>For a sentence: <c>the event store 'billing'</c>.</summary>
    public override string ToString() => Key is null ? "the event store" : $"the event store '{Key}'";

    private static string Name(SchemaStep step) => step switch
    {
        SchemaStep.Apply => "apply its schema",
        SchemaStep.Await => "wait for its schema",
        _ => "assert its schema",
    };
}
