using FluentEventStore.Events;

namespace FluentEventStore;

/// <summary>Settings of personal data.</summary>
public sealed class PrivacyOptions
{
    private readonly OptionsUse _use = new();
    private readonly List<MaskRule> _masks = [];

    internal IReadOnlyList<MaskRule> Masks => _masks;

    /// <summary>Where the keys of personal data are kept.</summary>
    /// <value>Default: <see langword="null"/>, the table <c>subject_keys</c>. It has a schema of its own beside that of the store.</value>
    public ISubjectKeys? SubjectKeys
    {
        get;
        set
        {
            _use.Check();
            field = value;
        }
    }

    /// <summary>
    /// Adds a rule for masking recorded events with
    /// <see cref="IStorePrivacy.MaskAsync(StreamId, TenantId, IProgress{MaskReport}, CancellationToken)"/>. Several rules for one event are
    /// applied in the order in which they were added.
    /// </summary>
    /// <typeparam name="T">An event type in its current shape, or an interface or base type of some.</typeparam>
    /// <param name="mask">
    /// Makes a masked event of the same type. Masking it again must change nothing. An event that is returned as it came stays as it is
    /// stored.
    /// </param>
    /// <exception cref="ArgumentException">No event can be of the type, or upcasters convert it to another one.</exception>
    public PrivacyOptions Mask<T>(Func<T, T> mask)
        where T : notnull
    {
        _use.Check();
        _masks.Add(new MaskRule<T>(mask));
        return this;
    }

    internal void Freeze() => _use.Begin();
}
