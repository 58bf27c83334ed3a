using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Serialization;

/// <summary>The upcasters of the process, and the shapes that they start from.</summary>
internal sealed class UpcasterChains
{
    private readonly Dictionary<(string Name, int Version), (EventType Stored, Upcaster Upcaster)> _steps = [];

    /// <summary>Adds a step. Adding the same again does nothing.</summary>
    /// <returns>Whether the step is new.</returns>
    /// <exception cref="InvalidOperationException">
    /// Another upcaster leads from the shape, or the chain would come back to itself.
    /// </exception>
    public bool Add(EventType stored, Upcaster upcaster, Func<Type, EventType> find)
    {
        var shape = (stored.Name, stored.Version);
        if (_steps.TryGetValue(shape, out var taken))
        {
            return taken.Upcaster.Name == upcaster.Name
                ? false
                : throw new InvalidOperationException(
                    $"Two upcasters lead from version {stored.Version} of the event '{stored.Name}': {taken.Upcaster.Name} and "
                        + $"{upcaster.Name}.");
        }

        _steps.Add(shape, (stored, upcaster));
        if (TryFollow(stored, find, out _, out _))
            return true;

        _steps.Remove(shape);
        throw new InvalidOperationException(
            $"The upcaster {upcaster.Name} leads back to version {stored.Version} of the event '{stored.Name}', which it takes.");
    }

    /// <summary>What each shape with an upcaster is read as.</summary>
    public IEnumerable<UpcastEventType> Resolve(Func<Type, EventType> find)
    {
        foreach (var (stored, _) in _steps.Values)
        {
            if (TryFollow(stored, find, out var chain, out var current))
                yield return new UpcastEventType(stored, chain, current);
        }
    }

    private bool TryFollow(EventType stored, Func<Type, EventType> find, out Upcaster[] chain, [NotNullWhen(true)] out EventType? current)
    {
        var steps = new List<Upcaster>();
        current = stored;
        while (_steps.TryGetValue((current.Name, current.Version), out var step))
        {
            steps.Add(step.Upcaster);
            current = find(step.Upcaster.Target);
            if (steps.Count > _steps.Count)
            {
                chain = [];
                return false;
            }
        }

        chain = [.. steps];
        return true;
    }
}
