namespace FluentEventStore.Subscriptions;

/// <summary>
/// Whose events take the time of a range: while more wait, all time belongs to the tenant whose turn it is, with its tries and pauses.
/// </summary>
internal sealed class TenantShares
{
    /// <summary>For how long a range has to be behind before a tenant can be too much for it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>How many tenants may have ranges of their own beside one.</summary>
    public const int MostApart = 8;

    /// <summary>The share of the time that is never too much: what each of <see cref="MostApart"/> could take.</summary>
    private const double NeverTooMuch = 1.0 / MostApart;

    private readonly Dictionary<string, TimeSpan> _taken = new(StringComparer.Ordinal);
    private TimeSpan? _began;
    private TimeSpan _turned;
    private int _windows;
    private string? _turn;

    /// <summary>When the window ends; <see langword="null"/> if nothing waits.</summary>
    public TimeSpan? EndsAt => _began + Window;

    /// <summary>From now on the time is a tenant's.</summary>
    public void Give(string tenant, TimeSpan now)
    {
        if (_turn == tenant)
            return;

        Count(now);
        _began ??= now;
        (_turn, _turned) = (tenant, now);
    }

    /// <summary>Nothing waits, or what it waits for is no tenant's matter.</summary>
    public void Rest()
    {
        _taken.Clear();
        (_began, _turn, _windows) = (null, null, 0);
    }

    /// <summary>
    /// The tenant that took too much of a window that has ended, if one did: more than half, or more than twice what each of those that
    /// were handled would have got in equal parts. Who waits behind them is not seen, so the longer the range is behind, the less is too
    /// much: a third in the second window, a quarter in the third. With the answer, the next one begins.
    /// </summary>
    public string? TakeTooMuch(TimeSpan now)
    {
        if (_began is not { } began || now < began + Window)
            return null;

        Count(now);
        _windows++;
        var (most, taken) = _taken.MaxBy(static one => one.Value);
        var tooMuch = Math.Max(NeverTooMuch, Math.Min(2.0 / _taken.Count, 1.0 / (1 + _windows)));
        _taken.Clear();
        _began = now;
        return taken > (now - began) * tooMuch ? most : null;
    }

    private void Count(TimeSpan now)
    {
        if (_turn is { } tenant)
            _taken[tenant] = _taken.GetValueOrDefault(tenant) + (now - _turned);

        _turned = now;
    }
}
