namespace FluentEventStore;

/// <summary>How long the start of an application waits for others.</summary>
public sealed class StartupOptions
{
    private readonly OptionsUse _use = new();

    /// <summary>
    /// How long a host tries to reach the database when it starts. Then the start fails with a <see cref="DatabaseUnavailableException"/>.
    /// If tenants have databases of their own, which are reached one after the other, each has as long to answer as all have to come up.
    /// </summary>
    /// <value>
    /// Zero: one try. <see cref="Timeout.InfiniteTimeSpan"/>: without end. Default: 60 seconds.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan DatabasePatience
    {
        get;
        set => field = Checked(value, nameof(DatabasePatience));
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long applying, checking and seeding wait for another process that does so, and how long a host waits for a schema that others
    /// apply.
    /// </summary>
    /// <value>
    /// More than zero, or <see cref="Timeout.InfiniteTimeSpan"/> for without end; up to 24 days. Default: 60 seconds.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SchemaPatience
    {
        get;
        set
        {
            if (value == TimeSpan.Zero)
                throw new ArgumentOutOfRangeException(nameof(SchemaPatience), value, "The value must be more than zero.");

            field = Checked(value, nameof(SchemaPatience));
        }
    } = TimeSpan.FromSeconds(60);

    internal void Freeze() => _use.Begin();

    private TimeSpan Checked(TimeSpan value, string name)
    {
        _use.Check();
        if (value == Timeout.InfiniteTimeSpan)
            return value;

        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(24), name);
        return value;
    }
}
