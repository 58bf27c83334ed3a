namespace FluentEventStore;

/// <summary>
/// How units of work that only append, saved at the same time by many sessions, are written together: one transaction and one write to the
/// disk for all of them. Each is still whole or refused by itself, and saved when its <c>SaveChangesAsync</c> returns. With one writer
/// there is nothing to combine, and nothing is waited for.
/// </summary>
public sealed class GroupCommitOptions
{
    private readonly OptionsUse _use = new();

    /// <summary>Whether units are written together.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsEnabled
    {
        get;
        set
        {
            _use.Check();
            field = value;
        }
    } = true;

    /// <summary>
    /// How many transactions run at a time, each on a connection of its own. Beside one that runs, units wait until they are as many as it
    /// holds, and are combined.
    /// </summary>
    /// <value>1 or more. Default: 2, so that one is prepared while the other is written to the disk.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Lanes
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>How many units are written in one transaction at most.</summary>
    /// <value>1 or more. Default: 256.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxUnits
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 256;

    /// <summary>How many events a unit has at most that is combined with others. A larger one is written by itself, at once.</summary>
    /// <value>1 or more. Default: 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxEventsOfUnit
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 100;

    /// <summary>How many units a statement has at least that is sent in the form for many. 1 makes tests of that form possible.</summary>
    internal int CombinesFrom { get; set; } = 2;

    internal void Freeze() => _use.Begin();
}
