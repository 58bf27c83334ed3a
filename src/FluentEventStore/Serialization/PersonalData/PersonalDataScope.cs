using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// What the codecs of personal data need to know while one event is written or read on this thread. They write plain values and note where
/// these are, for <see cref="Sealing"/> to encrypt. A codec that lacks a key while it reads notes the subject and goes on with a stand-in;
/// whoever opened the scope fetches the keys and begins anew.
/// </summary>
internal sealed class PersonalDataScope
{
    [ThreadStatic]
    private static PersonalDataScope? _current;

    private readonly TenantId _tenantId;
    private readonly Guid _eventId;
    private readonly ISubjectKeySource? _keys;
    private HashSet<SubjectId>? _missing;

    /// <summary>Of an event that is read.</summary>
    /// <param name="tenantId">The tenant of the event.</param>
    /// <param name="eventId">The id of the event, to which what is encrypted is bound.</param>
    /// <param name="mark">What the encrypted values of the event are known by; <see langword="null"/> if it holds none.</param>
    /// <param name="keys">The keys that are at hand.</param>
    public PersonalDataScope(TenantId tenantId, Guid eventId, byte[]? mark, ISubjectKeySource keys) =>
        (_tenantId, _eventId, Mark, _keys) = (tenantId, eventId, mark, keys);

    /// <summary>Of an event that is written, or read to find out what in it is personal: nothing is decrypted.</summary>
    /// <param name="mark">
    /// What the encrypted values of an event that is read are known by; <see langword="null"/> if it holds none.
    /// </param>
    public PersonalDataScope(byte[]? mark = null) => (Mark, Plain) = (mark, []);

    /// <summary>The scope of the event that is being written or read; <see langword="null"/> if there is none.</summary>
    public static PersonalDataScope? Current => _current;

    /// <summary>What the encrypted values of the event are known by; <see langword="null"/> if it holds none.</summary>
    public byte[]? Mark { get; }

    /// <summary>The personal data that is in the JSON in plain text; <see langword="null"/> if it is not asked for.</summary>
    public List<PlainValue>? Plain { get; }

    /// <summary>Where the outermost personal data begins that is being written; <see langword="null"/> if none is.</summary>
    public int? Unfinished { get; set; }

    /// <summary>
    /// Keeps the encrypted values that are read, if the event is to be written again; <see langword="null"/> if it is not.
    /// </summary>
    public KeptValues? Kept { get; init; }

    /// <summary>The subjects whose keys are not at hand.</summary>
    public IReadOnlyCollection<SubjectId> Missing => _missing ?? (IReadOnlyCollection<SubjectId>)[];

    public bool IsIncomplete => _missing is not null;

    /// <summary>Makes this the scope of the thread until <see cref="Leave"/>.</summary>
    public void Enter() => _current = this;

    public static void Leave() => _current = null;

    /// <summary>Whether a value of the subject can be decrypted or replaced now.</summary>
    public bool TryGet(SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        key = null;
        if (_keys is not null && _keys.TryGet(_tenantId, subject, out key))
            return true;

        (_missing ??= []).Add(subject);
        return false;
    }

    /// <summary>
    /// What is written so far, without the personal data in it, for errors. If personal data failed, only what was written before it.
    /// </summary>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> written)
    {
        var redacted = new List<byte>(written.Length);
        var (next, end) = (0, Unfinished ?? written.Length);
        foreach (var value in Plain!.Where(value => value.End <= end).OrderBy(static value => value.Start))
        {
            // A value may be inside another, which begins before it.
            if (value.Start < next)
                continue;

            redacted.AddRange(written[next..value.Start]);
            redacted.AddRange("\"…\""u8);
            next = value.End;
        }

        redacted.AddRange(written[next..end]);
        return redacted.ToArray();
    }

    /// <summary>
    /// Decrypts a value of the event. Returns <see langword="null"/> and notes the subject as missing if its key has to be fetched anew.
    /// </summary>
    /// <exception cref="JsonException">It is not what was encrypted for this event, subject and property with this key.</exception>
    public byte[]? Decrypt(ReadOnlySpan<byte> data, SubjectKey key, SubjectId subject, string propertyName)
    {
        try
        {
            return SealedValue.Decrypt(data, key, subject, propertyName, _eventId);
        }
        catch (JsonException) when (_keys is { MayBeStale: true })
        {
            // The database may have lost the key at hand, and another process may have written with a newer one.
            (_missing ??= []).Add(subject);
            return null;
        }
    }
}
