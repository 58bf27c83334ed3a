using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>What a pulled subscription delivers, and how. They are read when it is opened: later changes have no effect on it.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Narrows the events.</summary>
    /// <value>Default: <see langword="null"/>, for all events of all tenants, those of archived and deleted streams too.</value>
    public EventFilter? Filter { get; set; }

    /// <summary>The stream to follow, with the events that it links to, in the order of its versions.</summary>
    /// <value>Default: <see langword="null"/>, for the log.</value>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    public StreamId? Stream
    {
        get;
        set
        {
            if (value is { } stream)
                StreamId.ThrowIfDefault(stream);

            field = value;
        }
    }

    /// <summary>The tenant of <see cref="Stream"/>.</summary>
    /// <value>Default: the default tenant.</value>
    public TenantId StreamTenant { get; set; }

    /// <summary>Where it begins when it is created, or whenever it is opened if it is <see cref="IsTransient"/>.</summary>
    /// <value>Default: <see cref="SubscriptionStart.Beginning"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public SubscriptionStart Start
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = SubscriptionStart.Beginning;

    /// <summary>
    /// Whether nothing of it is stored: neither progress nor parked keys, and nobody shares it. Answers only make room for further
    /// deliveries, and retries are kept in memory. With <see cref="SubscriptionStart.Present"/> it delivers what comes from now on; with
    /// another start it catches up first.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsTransient { get; set; }

    /// <summary>How many deliveries are out, not answered, at most. Further ones wait until one is answered.</summary>
    /// <value>1 to 10,000. Default: 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BufferSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BufferSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000, nameof(BufferSize));
            field = value;
        }
    } = 100;

    /// <summary>By which key events stay in order: of a key, one is out at a time.</summary>
    /// <value>
    /// Default: <see langword="null"/>, for <see cref="Partition.ByStream"/>, and for one after the other if one <see cref="Stream"/> is
    /// followed.
    /// </value>
    public Partition? Partition { get; set; }

    /// <summary>In how many ranges it is created, which those who open it share. Later it is changed by splitting and merging.</summary>
    /// <value>1 to 64. Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Concurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Concurrency));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SubscriptionTables.SliceCount, nameof(Concurrency));
            field = value;
        }
    } = 1;

    /// <summary>
    /// What becomes of an event that nobody can be handed: of a type that is not known, that does not fit its type, that cannot be
    /// decrypted, or for which <see cref="Partition"/> throws. What stands before it in its range is answered first if it stops.
    /// </summary>
    /// <value>
    /// Default: <see cref="FailedEvent.Stop"/>. An <see cref="IsTransient"/> subscription has no place to park: there it is
    /// <see cref="FailedEvent.Stop"/> or <see cref="FailedEvent.Skip"/>.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of them.</exception>
    public FailedEvent Unreadable
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(Unreadable), value, "There is no such choice.");

            field = value;
        }
    }

    /// <summary>
    /// The version of what consumes it. Whoever opens a higher one takes it over where it stands. Raise it whenever the filter changes.
    /// </summary>
    /// <value>1 or more. Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Version
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Version));
            field = value;
        }
    } = 1;

    /// <summary>
    /// After how many answers the checkpoint is written. One write is under way at a time in a range: answers that come meanwhile are
    /// written together by the next.
    /// </summary>
    /// <value>1 to 10,000. Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int CheckpointAfterCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(CheckpointAfterCount));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000, nameof(CheckpointAfterCount));
            field = value;
        }
    } = 1;

    /// <summary>After how long the checkpoint is written, if fewer answers came.</summary>
    /// <value>1 millisecond to 1 hour. Default: 1 second.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan CheckpointAfter
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(CheckpointAfter));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(CheckpointAfter));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);
}
