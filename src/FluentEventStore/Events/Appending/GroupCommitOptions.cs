namespace FluentEventStore;

/// <summary>
/// How units of work that only append are written together when many sessions save at the same time: one transaction and one write to the
/// disk for all of them. Each unit is still written whole or refused by itself, and is saved when its <c>SaveChangesAsync</c> returns. A
/// single writer never waits for others.
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
    /// How many transactions run at a time, each on a connection of its own. While one runs, further units wait until they are as many as
    /// it holds; then they are combined.
    /// </summary>
    /// <value>1 or more. Default: 2, so that one is prepared while the other is written to the disk.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Lanes
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Lanes));
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
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxUnits));
            field = value;
        }
    } = 256;

    /// <summary>How many events a unit may have to be combined with others. A larger one is written by itself, at once.</summary>
    /// <value>1 or more. Default: 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxEventsOfUnit
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxEventsOfUnit));
            field = value;
        }
    } = 100;

    /// <summary>From how many units on a statement takes the form for many. 1 lets tests use that form for a single unit.</summary>
    internal int CombinesFrom { get; set; } = 2;

    internal void Freeze() => _use.Begin();
}
