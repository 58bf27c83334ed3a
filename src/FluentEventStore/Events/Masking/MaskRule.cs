using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>How the data of recorded events is masked: of one type, or of all types that implement or derive from it.</summary>
internal abstract class MaskRule
{
    /// <summary>Whether the rule is for events whose data is of this type.</summary>
    public abstract bool Covers(Type clrType);

    public abstract object? Apply(object data);
}

internal sealed class MaskRule<T> : MaskRule
    where T : notnull
{
    private readonly Func<T, T> _mask;

    /// <exception cref="ArgumentException">No event can be of the type, or upcasters convert it to another one.</exception>
    public MaskRule(Func<T, T> mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (EventCatalog.TryGet(typeof(T), out var eventType))
        {
            if (eventType.Current.ClrType != typeof(T))
                throw new ArgumentException($"{typeof(T)} is read as {eventType.Current.ClrType}: mask that type.", nameof(mask));
        }
        else if (typeof(T).IsSealed || typeof(T) == typeof(object))
        {
            throw new ArgumentException($"{Unregistered.Event(typeof(T))} Nor can events implement it or derive from it.", nameof(mask));
        }

        _mask = mask;
    }

    public override bool Covers(Type clrType) => typeof(T).IsAssignableFrom(clrType);

    public override object? Apply(object data) => _mask((T)data);
}
