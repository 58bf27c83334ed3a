using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// Whose personal data it is: a text of 1 to 250 characters without control characters and lone surrogates. A <see cref="Guid"/> is its lower-case <c>D</c>
/// form, a number its decimal digits, and both equal that text.
/// </summary>
/// <remarks><see langword="default"/> is no id: every call that takes one refuses it.</remarks>
public readonly struct SubjectId : IEquatable<SubjectId>
{
    private readonly string? _value;

    /// <summary>Makes an id of a text.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or holds a control character or a lone surrogate.</exception>
    public SubjectId(string value)
    {
        StorableText.CheckKey(value, "subject id", StreamId.MaxLength);
        _value = value;
    }

    /// <summary>The text of the id.</summary>
    /// <exception cref="ArgumentException">This is <see langword="default"/>, which is no id.</exception>
    public string Value => _value ?? throw new ArgumentException("default(SubjectId) is no subject id.");

    /// <summary>Whether this is <see langword="default"/>, which is no id.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The id of a <see cref="Guid"/>.</summary>
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

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SubjectId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : string.GetHashCode(_value, StringComparison.Ordinal);

    /// <summary>The text of the id; empty for <see langword="default"/>.</summary>
    public override string ToString() => _value ?? "";
}
