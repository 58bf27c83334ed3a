namespace FluentEventStore.Subscriptions;

/// <summary>The names of the tables of subscriptions.</summary>
internal static class SubscriptionTables
{
    /// <summary>The processes that carry subscriptions, and when each was last alive.</summary>
    public const string Nodes = "nodes";

    /// <summary>What is known of a subscription as a whole. Whoever changes its ranges locks its row first.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>
    /// How far each range of slices of a subscription is, and who carries it. A tenant that was paused or rewound alone, or that took too
    /// much of a fair share, has ranges of its own beside those of all others, whose tenant is empty.
    /// </summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The keys that wait since an event of theirs failed.</summary>
    public const string Parked = "parked";

    /// <summary>
    /// The sequence of epochs: one for all, so that no epoch comes twice, even if a subscription is deleted and made anew.
    /// </summary>
    public const string Epochs = "epochs";

    /// <summary>How many slices the keys of a subscription fall into.</summary>
    public const int SliceCount = 64;

    /// <summary>The layout of a checkpoint that this build reads and writes.</summary>
    public const short Format = 1;
}
