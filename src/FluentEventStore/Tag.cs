using System.Globalization;
using System.Runtime.CompilerServices;

namespace FluentEventStore;

/// <summary>Says that an event concerns something, such as <c>course:42</c>, whatever its stream. Compared by its text.</summary>
public readonly record struct Tag
{
    /// <summary>How many characters name and value together may have.</summary>
    public const int MaxLength = 250;

    private readonly string? _text;

    /// <param name="name">What kind of thing: not empty, without a colon.</param>
    /// <param name="value">Which of them: not empty.</param>
    /// <exception cref="ArgumentException">A text is empty, too long, or cannot be stored.</exception>
    public Tag(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (name.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException($"The name of a tag must not hold a colon: '{name}'.", nameof(name));

        if (name.Length + value.Length > MaxLength)
            throw new ArgumentException(
                $"Name and value of a tag have {name.Length + value.Length} characters; {MaxLength} are allowed.", nameof(value));

        StorableText.Check(name, nameof(name));
        StorableText.Check(value, nameof(value));
        _text = $"{name}:{value}";
    }

    /// <inheritdoc cref="Tag(string, string)"/>
    public Tag(string name, Guid value)
        : this(name, value.ToString("D"))
    {
    }

    /// <inheritdoc cref="Tag(string, string)"/>
    public Tag(string name, long value)
        : this(name, value.ToString(CultureInfo.InvariantCulture))
    {
    }

    /// <summary>A tag from its text: name, colon, value.</summary>
    /// <exception cref="ArgumentException">The text has no colon, or is no tag otherwise.</exception>
    public static Tag Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? throw new ArgumentException($"A tag has a name and a value with a colon between them; '{text}' has no colon.", nameof(text))
            : new Tag(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Whether this is <see langword="default"/>, which is no tag.</summary>
    public bool IsDefault => _text is null;

    /// <exception cref="ArgumentException">The argument is <see langword="default"/>.</exception>
    internal static void ThrowIfDefault(Tag argument, [CallerArgumentExpression(nameof(argument))] string? parameterName = null)
    {
        if (argument.IsDefault)
            throw new ArgumentException("default(Tag) is not a tag.", parameterName);
    }

    /// <summary>The tag as it is stored: name, colon, value.</summary>
    public override string ToString() => _text ?? "";
}
