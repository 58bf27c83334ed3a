using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// What the codecs of personal data need to know while one event is written or read on this thread. A codec that misses a key notes the subject and goes
/// on with a stand-in; whoever opened the scope fetches the keys and begins anew.
/// </summary>
/// <param name="tenantId">The tenant of the event.</param>
/// <param name="eventId">The id of the event, to which what is encrypted is bound.</param>
/// <param name="keys">The keys that are at hand.</param>
/// <param name="mark">What the encrypted values of the event are known by; <see langword="null"/> where it holds none so far.</param>
internal sealed class PersonalDataScope(TenantId tenantId, Guid eventId, ISubjectKeySource keys, byte[]? mark = null)
{
    [ThreadStatic]
    private static PersonalDataScope? _current;

    private HashSet<SubjectId>? _missing;
    private int _depth;

    /// <summary>The scope of the event that is being written or read.</summary>
    /// <exception cref="JsonException">There is none: what would be written is not protected.</exception>
    public static PersonalDataScope Current =>
        _current ?? throw new JsonException("Personal data is written and read by a store only, as a part of an event.");

    /// <summary>The scope of an event that holds encrypted values; <see langword="null"/> where that is not so.</summary>
    public static PersonalDataScope? OfSealed => _current is { Mark: not null } sealing ? sealing : null;

    /// <summary>What the encrypted values of the event are known by; <see langword="null"/> where it holds none.</summary>
    public byte[]? Mark { get; private set; } = mark;

    /// <summary>The subjects whose keys are not at hand.</summary>
    public IReadOnlyCollection<SubjectId> Missing => _missing ?? (IReadOnlyCollection<SubjectId>)[];

    public bool IsIncomplete => _missing is not null;

    /// <summary>Keeps what is read encrypted, where the event is to be written again; <see langword="null"/> where it is not.</summary>
    public KeptValues? Kept { get; init; }

    /// <summary>
    /// Whether data of forgotten subjects may be written: as what nobody can decrypt, so that it reads as its replacement. So it is where an event takes the place of others, or
    /// comes from elsewhere, which happened before the subject was forgotten.
    /// </summary>
    public bool TakesForgotten { get; init; }

    /// <summary>The first subject without a key among those that data was written of and may not be.</summary>
    public SubjectId? Forgotten { get; private set; }

    /// <summary>The scope that is entered, or <see langword="null"/>.</summary>
    public static PersonalDataScope? Entered => _current;

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
        if (keys.TryGet(tenantId, subject, out key))
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

        if (!TakesForgotten)
            Forgotten ??= subject;

        return false;
    }

    /// <summary>Encrypts a value for the event.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> json, SubjectKey key, SubjectId subject, string propertyName) =>
        SealedValue.Encrypt(json, key, subject, propertyName, eventId, Mark ??= SealedMark.Create());

    /// <summary>Decrypts a value of the event.</summary>
    /// <exception cref="JsonException">It is not what was encrypted for this event, subject and property with this key.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> data, SubjectKey key, SubjectId subject, string propertyName) =>
        SealedValue.Decrypt(data, key, subject, propertyName, eventId);
}
