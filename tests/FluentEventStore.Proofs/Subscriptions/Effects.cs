namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>
/// What handlers did outside of the store, with their fencing tokens: at least once, and in order to whoever looks at the tokens.
/// </summary>
internal sealed class Effects
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Subscription, string Stream), List<(long Token, int Number)>> _seen = [];

    /// <summary>How many there were, repeated ones included.</summary>
    public int Count { get; private set; }

    public void Add(string subscription, string stream, int number, long token)
    {
        lock (_gate)
        {
            Count++;
            if (!_seen.TryGetValue((subscription, stream), out var seen))
                _seen.Add((subscription, stream), seen = []);

            seen.Add((token, number));
        }
    }

    /// <summary>The numbers of a stream, in the order of the tokens; under one token as they came.</summary>
    public IReadOnlyList<int> Of(string subscription, string stream)
    {
        lock (_gate)
        {
            return _seen.TryGetValue((subscription, stream), out var seen)
                ? [.. seen.OrderBy(static one => one.Token).Select(static one => one.Number)]
                : [];
        }
    }
}
