using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// What the codecs of personal data need to know while one event is written or read on this thread. A codec that misses a key notes the subject and goes
/// on with a stand-in; whoever opened the scope fetches the keys and begins anew.
/// </summary>
internal sealed class PersonalDataScope(TenantId tenantId, ISubjectKeySource keys)
{
    [ThreadStatic]
    private static PersonalDataScope? _current;

    private HashSet<SubjectId>? _missing;
    private int _depth;

    /// <summary>The scope of the event that is being written or read.</summary>
    /// <exception cref="JsonException">There is none: what would be written is not protected.</exception>
    public static PersonalDataScope Current =>
        _current ?? throw new JsonException("Personal data is written and read by a store only, as a part of an event.");

    public TenantId TenantId { get; } = tenantId;

    /// <summary>Whether an event that may hold encrypted values is being written or read.</summary>
    public static bool IsEntered => _current is not null;

    /// <summary>The subjects whose keys are not at hand.</summary>
    public IReadOnlyCollection<SubjectId> Missing => _missing ?? (IReadOnlyCollection<SubjectId>)[];

    public bool IsIncomplete => _missing is not null;

    /// <summary>Keeps what is read encrypted, where the event is to be written again; <see langword="null"/> where it is not.</summary>
    public KeptValues? Kept { get; init; }

    /// <summary>The first subject without a key among those that data was written of.</summary>
    public SubjectId? Forgotten { get; private set; }

    /// <summary>Makes this the scope of the thread until <see cref="Leave"/>.</summary>
    public void Enter() => _current = this;

    public static void Leave() => _current = null;

    /// <summary>Begins an encrypted value, whose own writer does not know how deep it is.</summary>
    /// <exception cref="JsonException">It would be nested too deep.</exception>
    public void Deepen(JsonWriter writer)
    {
        ObjectCodec.RefuseTooDeep(_depth + writer.Depth);
        _depth += writer.Depth;
    }

    /// <summary>Ends an encrypted value that stands in this writer.</summary>
    public void Rise(JsonWriter writer) => _depth -= writer.Depth;

    /// <summary>Whether a value of the subject can be decrypted or replaced now.</summary>
    public bool TryGet(SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        if (keys.TryGet(TenantId, subject, out key))
            return true;

        (_missing ??= []).Add(subject);
        return false;
    }

    /// <summary>Whether a value of the subject can be encrypted now.</summary>
    public bool TryGetForWriting(SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        if (!TryGet(subject, out key))
            return false;

        if (!key.IsForgotten)
            return true;

        Forgotten ??= subject;
        return false;
    }
}
