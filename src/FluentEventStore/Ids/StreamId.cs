using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FluentEventStore;

/// <summary>
/// The id of a stream within its tenant: a text of 1 to 250 characters without control characters and lone surrogates. A <see cref="Guid"/>
/// is its lower-case <c>D</c> form and equals that text.
/// </summary>
/// <remarks>
/// <see langword="default"/> and the empty <see cref="Guid"/> are no ids: every call that takes one refuses them. Texts are compared as
/// they are: a <see cref="Guid"/> in upper case, in braces or without hyphens is the id of another stream. Give the <see cref="Guid"/>
/// itself, or <c>guid.ToString()</c>.
/// </remarks>
public readonly struct StreamId : IEquatable<StreamId>, IParsable<StreamId>
{
    /// <summary>The longest id, in UTF-16 characters.</summary>
    public const int MaxLength = 250;

    private const string EmptyGuid = "00000000-0000-0000-0000-000000000000";

    /// <summary>What is wrong with <see langword="default"/>.</summary>
    internal const string DefaultIsNone = "default(StreamId) is not a stream id.";

    private readonly string? _value;

    /// <summary>Makes an id of a text.</summary>
    /// <exception cref="ArgumentException">
    /// The text is empty, too long, that of an empty <see cref="Guid"/>, or holds a control character or a lone surrogate.
    /// </exception>
    public StreamId(string value)
    {
        StorableText.CheckKey(value, "stream id", MaxLength);
        _value = value is EmptyGuid ? throw NoId(nameof(value)) : value;
    }

    /// <summary>Makes an id of a <see cref="Guid"/>: its lower-case <c>D</c> form.</summary>
    /// <exception cref="ArgumentException">The <see cref="Guid"/> is empty.</exception>
    public StreamId(Guid value) => _value = value == Guid.Empty ? throw NoId(nameof(value)) : value.ToString("D");

    private StreamId(string value, bool trusted)
    {
        System.Diagnostics.Debug.Assert(trusted);
        _value = value;
    }

    /// <summary>The text of the id.</summary>
    /// <exception cref="ArgumentException">This is <see langword="default"/>, which is no id.</exception>
    public string Value => _value ?? throw new ArgumentException(DefaultIsNone);

    /// <summary>Whether this is <see langword="default"/>, which is no id.</summary>
    public bool IsDefault => _value is null;

    /// <summary>
    /// The id as a <see cref="Guid"/>, if it is what <see cref="StreamId(Guid)"/> makes of one: the <c>D</c> form in lower case.
    /// </summary>
    /// <remarks>The same <see cref="Guid"/> written in another form is the id of another stream.</remarks>
    public bool TryGetGuid(out Guid value)
    {
        Span<char> canonical = stackalloc char[36];
        if (Guid.TryParseExact(_value, "D", out value) && value.TryFormat(canonical, out _) && canonical.SequenceEqual(_value))
            return true;

        value = default;
        return false;
    }

    /// <summary>The id of a text that somebody sent, if it can be one: so that a web application binds ids as parameters.</summary>
    /// <param name="s">The text, as the constructor takes it.</param>
    /// <param name="provider">Not used: an id is the same in every culture.</param>
    /// <param name="result">The id; <see langword="default"/> if it is none.</param>
    /// <returns>Whether the constructor would take the text.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out StreamId result)
    {
        var isId = s is not null and not EmptyGuid && StorableText.FindFaultOfKey(s, "stream id", MaxLength) is null;
        result = isId ? new StreamId(s!, trusted: true) : default;
        return isId;
    }

    /// <exception cref="FormatException">No stream can have the id.</exception>
    static StreamId IParsable<StreamId>.Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out var id) ? id : throw new FormatException("The text is not a stream id.");
    }

    /// <summary>The id of a <see cref="Guid"/>.</summary>
    /// <exception cref="ArgumentException">The <see cref="Guid"/> is empty.</exception>
    public static implicit operator StreamId(Guid value) => new(value);

    /// <summary>The id of a text.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static implicit operator StreamId(string value) => new(value);

    /// <inheritdoc cref="Equals(StreamId)"/>
    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    /// <summary>Whether the ids differ, compared by their characters.</summary>
    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);

    /// <summary>Whether the ids are the same, compared by their characters.</summary>
    public bool Equals(StreamId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : string.GetHashCode(_value, StringComparison.Ordinal);

    /// <summary>The text of the id; empty for <see langword="default"/>.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The id of a text; <see langword="null"/> if no stream can have it.</summary>
    internal static StreamId? Find(string value) => TryParse(value, provider: null, out var id) ? id : default(StreamId?);

    /// <exception cref="ArgumentException">The argument is <see langword="default"/>.</exception>
    internal static void ThrowIfDefault(StreamId argument, [CallerArgumentExpression(nameof(argument))] string? parameterName = null)
    {
        if (argument.IsDefault)
            throw new ArgumentException(DefaultIsNone, parameterName);
    }

    /// <summary>An id as it was stored, which was checked when it was written.</summary>
    internal static StreamId Stored(string value) => new(value, trusted: true);

    // Otherwise everything that was left without an id would share one stream.
    private static ArgumentException NoId(string parameterName) =>
        new("An empty Guid is not a stream id: the id was never assigned.", parameterName);
}
