using System.Buffers;

namespace FluentEventStore.Serialization;

/// <summary>
/// Encrypts the personal data of one event in place in its JSON, with the keys that are at hand. Everything else stays the same, to the
/// byte.
/// </summary>
/// <param name="tenantId">The tenant of the event.</param>
/// <param name="eventId">The id of the event, to which what is encrypted is bound.</param>
/// <param name="keys">The keys.</param>
internal sealed class Sealing(TenantId tenantId, Guid eventId, ISubjectKeySource keys)
{
    private HashSet<SubjectId>? _missing;
    private List<SubjectId>? _forgotten;

    /// <summary>What the encrypted values of the event are known by; <see langword="null"/> if it holds none.</summary>
    public byte[]? Mark { get; set; }

    /// <summary>The values as they were encrypted, if the event is written again: unchanged values stay the same.</summary>
    public KeptValues? Kept { get; init; }

    /// <summary>
    /// Whether data of forgotten subjects may be written. Nobody can decrypt it, so that it reads as its replacement. It is set if an event
    /// takes the place of others or comes from elsewhere: the event happened before the subject was forgotten.
    /// </summary>
    public bool TakesForgotten { get; init; }

    /// <summary>The subjects whose keys are not at hand. If there are any, throw away what was encrypted.</summary>
    public IReadOnlyCollection<SubjectId> Missing => _missing ?? (IReadOnlyCollection<SubjectId>)[];

    /// <summary>The forgotten subjects whose data was given.</summary>
    public IReadOnlyCollection<SubjectId> OfForgotten => _forgotten ?? (IReadOnlyCollection<SubjectId>)[];

    /// <summary>Encrypts values, and marks the event that holds them.</summary>
    /// <param name="json">The JSON of the event, without a mark.</param>
    /// <param name="values">The values, in any order; one may stand in another.</param>
    public byte[] Seal(ReadOnlySpan<byte> json, List<PlainValue> values)
    {
        values.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        var encrypted = new ArrayBufferWriter<byte>((json.Length * 2) + 64);
        var next = 0;
        Copy(json, 0, json.Length, values, ref next, encrypted);
        return Mark is { } mark && SealedValue.MayBeIn(encrypted.WrittenSpan)
            ? SealedMark.Add(encrypted.WrittenSpan, mark)
            : encrypted.WrittenSpan.ToArray();
    }

    private void Copy(ReadOnlySpan<byte> json, int start, int end, List<PlainValue> values, ref int next, ArrayBufferWriter<byte> target)
    {
        while (next < values.Count && values[next].Start < end)
        {
            var value = values[next++];
            target.Write(json[start..value.Start]);
            var plain = new ArrayBufferWriter<byte>();
            Copy(json, value.Start, value.End, values, ref next, plain);
            if (Encrypt(plain.WrittenSpan, value) is { } data)
                Write(target, value.Subject, data);
            else
                target.Write(plain.WrittenSpan);

            start = value.End;
        }

        target.Write(json[start..end]);
    }

    /// <returns>The encrypted value; <see langword="null"/> if the plain one stays, or its key is not at hand.</returns>
    private byte[]? Encrypt(ReadOnlySpan<byte> plain, PlainValue value)
    {
        // A value that says nothing is stored as it is, unless it reads so because its subject is forgotten.
        if (plain.SequenceEqual("null"u8))
            return Kept?.Take(value.PropertyName, value.Subject, json: null);

        if (!keys.TryGet(tenantId, value.Subject, out var key))
        {
            (_missing ??= []).Add(value.Subject);
            return null;
        }

        if (!key.IsForgotten)
        {
            if (Kept?.Take(value.PropertyName, value.Subject, plain.ToArray()) is { } kept)
                return kept;

            return Encrypt(plain, key, value);
        }

        // A value of a forgotten subject that is written again says nothing about the subject: it is the replacement of an encrypted value,
        // or was stored before it was personal data.
        if (Kept is not null)
            return Kept.Take(value.PropertyName, value.Subject, json: null);

        (_forgotten ??= []).Add(value.Subject);
        return TakesForgotten ? Encrypt([], SubjectKey.OfNobody(), value) : null;
    }

    private byte[] Encrypt(ReadOnlySpan<byte> plain, SubjectKey key, PlainValue value) =>
        SealedValue.Encrypt(plain, key, value.Subject, value.PropertyName, eventId, Mark ??= SealedMark.Create());

    private static void Write(ArrayBufferWriter<byte> target, SubjectId subject, byte[] data)
    {
        using var form = new JsonWriter();
        form.WriteStartObject();
        form.Name(SealedValue.SubjectName).WriteText(subject.Value);
        form.Name(SealedValue.DataName).WriteBase64(data);
        form.WriteEndObject();
        target.Write(form.Piece.Span);
    }
}
