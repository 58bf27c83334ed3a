using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FluentEventStore;

/// <summary>
/// The id of a document: a <see cref="Guid"/>, a text of 1 to 500 characters without NUL and lone surrogates, an <see cref="int"/> or a
/// <see cref="long"/>.
/// </summary>
/// <remarks><see langword="default"/> is no id: every call that takes one refuses it.</remarks>
public readonly struct DocumentId : IEquatable<DocumentId>
{
    /// <summary>The longest id that is a text, in UTF-16 characters.</summary>
    public const int MaxLength = 500;

    private readonly object? _value;

    private DocumentId(object value) => _value = value;

    /// <summary>The id as its own type: <see cref="Guid"/>, <see cref="string"/>, <see cref="int"/> or <see cref="long"/>.</summary>
    /// <exception cref="ArgumentException">This is <see langword="default"/>, which is no id.</exception>
    public object Value => _value ?? throw new ArgumentException("default(DocumentId) is not a document id.");

    /// <summary>The id of a document whose ids are <see cref="Guid"/>s.</summary>
    public static implicit operator DocumentId(Guid value) => new(value);

    /// <summary>The id of a document whose ids are texts.</summary>
    /// <exception cref="ArgumentException">
    /// The text is empty, longer than <see cref="MaxLength"/>, or holds NUL or a lone surrogate.
    /// </exception>
    public static implicit operator DocumentId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxLength)
            throw new ArgumentException(
                $"The id of a document has at most {MaxLength} characters; this one has {value.Length}.", nameof(value));

        StorableText.Check(value, nameof(value));
        return new DocumentId(value);
    }

    /// <summary>The id of a document whose ids are <see cref="int"/>s or <see cref="long"/>s.</summary>
    public static implicit operator DocumentId(int value) => new(value);

    /// <summary>The id of a document whose ids are <see cref="long"/>s.</summary>
    public static implicit operator DocumentId(long value) => new(value);

    /// <inheritdoc cref="Equals(DocumentId)"/>
    public static bool operator ==(DocumentId left, DocumentId right) => left.Equals(right);

    /// <summary>Whether the ids differ in type or value.</summary>
    public static bool operator !=(DocumentId left, DocumentId right) => !left.Equals(right);

    /// <summary>Whether the ids have the same type and value.</summary>
    public bool Equals(DocumentId other) => Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is DocumentId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value?.GetHashCode() ?? 0;

    /// <summary>The id as text; empty for <see langword="default"/>.</summary>
    public override string ToString() => Convert.ToString(_value, CultureInfo.InvariantCulture) ?? "";
}
