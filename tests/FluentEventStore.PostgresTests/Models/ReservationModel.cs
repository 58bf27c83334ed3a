namespace FluentEventStore.PostgresTests.Models;

/// <summary>Who holds which values of one tenant, as the pages of the documentation say it.</summary>
public sealed class ReservationModel
{
    /// <summary>The name under which natural keys of orders are held.</summary>
    public const string Key = "natural-key/order";

    private readonly Dictionary<string, ModelState> _states = [];

    /// <summary>By name and value: the stream.</summary>
    public Dictionary<(string Name, string Value), string> Held { get; private set; } = [];

    /// <summary>What deleted streams held.</summary>
    public HashSet<(string Name, string Value, string Owner)> Freed { get; private set; } = [];

    /// <summary>The state of a stream; <see langword="null"/> if there is none.</summary>
    public ModelState? StateOf(string stream) => _states.TryGetValue(stream, out var state) ? state : null;

    /// <summary>Does what a unit does, all or nothing.</summary>
    /// <param name="asked">By value and owner: whether it is reserved, or else released.</param>
    /// <param name="keys">The natural keys that events set, by stream; <see langword="null"/> for none.</param>
    /// <param name="ends">The states that the unit leads streams to.</param>
    /// <returns>The names of the exceptions of which one is thrown; none if the unit is written.</returns>
    public IReadOnlyCollection<string> Save(
        IReadOnlyDictionary<(string Name, string Value, string Owner), bool> asked,
        IReadOnlyDictionary<string, string?> keys,
        IReadOnlyDictionary<string, ModelState> ends)
    {
        ModelState? After(string stream) => ends.TryGetValue(stream, out var end) ? end : StateOf(stream);
        bool IsDeleted(ModelState? state) => state is ModelState.Deleted or ModelState.Tombstoned;
        bool IsRevived(string stream) => IsDeleted(StateOf(stream)) && After(stream) == ModelState.Active;
        bool IsFreed(string stream) => !IsDeleted(StateOf(stream)) && IsDeleted(After(stream));
        bool IsReplaced((string Name, string Value, string Owner) one) =>
            (one.Name == Key && keys.ContainsKey(one.Owner)) || (asked.TryGetValue(one, out var reserves) && !reserves);

        if (asked.Any(one => one.Value && IsDeleted(StateOf(one.Key.Owner)) && !IsRevived(one.Key.Owner)))
            return [nameof(StreamDeletedException)];

        var claimed = asked.Where(static one => one.Value).Select(static one => one.Key)
            .Concat(keys.Where(static key => key.Value is not null).Select(static key => (Key, key.Value!, key.Key)))
            .ToHashSet();
        var wanted = claimed.Where(one => !IsFreed(one.Item3))
            .Concat(Freed.Where(one => IsRevived(one.Owner) && !IsReplaced(one)))
            .ToHashSet();
        var held = Held.Where(one => !IsFreed(one.Value) && !IsReplaced((one.Key.Name, one.Key.Value, one.Value)))
            .ToDictionary(static one => one.Key, static one => one.Value);
        HashSet<string> refusals = [];
        foreach (var (name, value, owner) in wanted)
        {
            if (!held.TryAdd((name, value), owner) && held[(name, value)] != owner)
                refusals.Add(name == Key ? nameof(DuplicateNaturalKeyException) : nameof(ReservationConflictException));
        }

        if (refusals.Count > 0)
            return refusals;

        Freed = Freed.Where(one => !IsRevived(one.Owner))
            .Concat(Held.Select(static one => (one.Key.Name, one.Key.Value, Owner: one.Value))
                .Where(one => IsFreed(one.Owner) && !IsReplaced(one)))
            .Concat(claimed.Where(one => IsFreed(one.Item3)))
            .Where(one => After(one.Item3) != ModelState.Tombstoned)
            .ToHashSet();
        Held = held;
        foreach (var stream in keys.Keys.Where(stream => StateOf(stream) is null))
            _states[stream] = ModelState.Active;

        foreach (var (stream, state) in ends)
            _states[stream] = state;

        return [];
    }
}
