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

    private readonly Dictionary<string, TimeSpan> _taken = new(StringComparer.Ordinal);
    private TimeSpan? _began;
    private TimeSpan _turned;
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
        (_began, _turn) = (null, null);
    }

    /// <summary>The tenant that took more than half of a window that has ended, if one did. With the answer, the next one begins.</summary>
    public string? TakeTooMuch(TimeSpan now)
    {
        if (_began is not { } began || now < began + Window)
            return null;

        Count(now);
        var (most, taken) = _taken.MaxBy(static one => one.Value);
        _taken.Clear();
        _began = now;
        return taken > (now - began) / 2 ? most : null;
    }

    private void Count(TimeSpan now)
    {
        if (_turn is { } tenant)
            _taken[tenant] = _taken.GetValueOrDefault(tenant) + (now - _turned);

        _turned = now;
    }
}
