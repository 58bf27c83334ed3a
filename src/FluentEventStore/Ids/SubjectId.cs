using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// The subject of personal data: a text of 1 to 250 characters without control characters and lone surrogates. A <see cref="Guid"/> is its
/// lower-case <c>D</c> form, a number its decimal digits; both equal that text.
/// </summary>
/// <remarks><see langword="default"/> and the empty <see cref="Guid"/> are no ids: every call that takes one refuses them.</remarks>
public readonly struct SubjectId : IEquatable<SubjectId>
{
    private const string EmptyGuid = "00000000-0000-0000-0000-000000000000";

    private const string DefaultIsNone = "default(SubjectId) is not a subject id.";

    private readonly string? _value;

    /// <summary>Makes an id of a text.</summary>
    /// <exception cref="ArgumentException">
    /// The text is empty, too long, that of an empty <see cref="Guid"/>, or holds a control character or a lone surrogate.
    /// </exception>
    public SubjectId(string value)
    {
        StorableText.CheckKey(value, "subject id", StreamId.MaxLength);
        _value = value is EmptyGuid
            ? throw new ArgumentException("The empty Guid is not a subject id: the id was never assigned.", nameof(value))
            : value;
    }

    private SubjectId(string value, bool isStored)
    {
        System.Diagnostics.Debug.Assert(isStored);
        _value = value;
    }

    /// <summary>The text of the id.</summary>
    /// <exception cref="ArgumentException">This is <see langword="default"/>, which is no id.</exception>
    public string Value => _value ?? throw new ArgumentException(DefaultIsNone);

    /// <summary>Whether this is <see langword="default"/>, which is no id.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The id of a <see cref="Guid"/>.</summary>
    /// <exception cref="ArgumentException">The <see cref="Guid"/> is empty.</exception>
    public static implicit operator SubjectId(Guid value) => new(value.ToString("D"));

    /// <summary>The id of a number.</summary>
    public static implicit operator SubjectId(long value) => new(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The id of a text.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static implicit operator SubjectId(string value) => new(value);

    /// <inheritdoc cref="Equals(SubjectId)"/>
    public static bool operator ==(SubjectId left, SubjectId right) => left.Equals(right);

    /// <summary>Whether the ids differ, compared by their characters.</summary>
    public static bool operator !=(SubjectId left, SubjectId right) => !left.Equals(right);

    /// <summary>Whether the ids are the same, compared by their characters.</summary>
    public bool Equals(SubjectId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <exception cref="ArgumentException">The argument is <see langword="default"/>.</exception>
    internal static void ThrowIfDefault(SubjectId argument, [CallerArgumentExpression(nameof(argument))] string? parameterName = null)
    {
        if (argument.IsDefault)
            throw new ArgumentException(DefaultIsNone, parameterName);
    }

    /// <summary>
    /// An id that is stored. Here the empty <see cref="Guid"/> is an id too, so that what was stored under it can be read.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or holds a control character or a lone surrogate.</exception>
    internal static SubjectId Stored(string value)
    {
        StorableText.CheckKey(value, "subject id", StreamId.MaxLength);
        return new SubjectId(value, isStored: true);
    }

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SubjectId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : string.GetHashCode(_value, StringComparison.Ordinal);

    /// <summary>The text of the id; empty for <see langword="default"/>.</summary>
    public override string ToString() => _value ?? "";
}
