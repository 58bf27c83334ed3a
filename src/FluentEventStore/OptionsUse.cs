namespace FluentEventStore;

/// <summary>Whether options may still be set: they may until a store is made of them.</summary>
internal sealed class OptionsUse
{
    private bool _hasBegun;

    public void Begin() => _hasBegun = true;

    /// <exception cref="InvalidOperationException">A store was made of the options.</exception>
    public void Check()
    {
        if (_hasBegun)
            throw new InvalidOperationException(
                "A store was already made with these options: a change would not reach all of it. Set options in EventStore.For.");
    }
}
