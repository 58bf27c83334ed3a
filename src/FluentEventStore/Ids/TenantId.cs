using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore;

/// <summary>
/// The tenant that streams and documents belong to: a part of each key. A text of 1 to 250 characters without control characters.
/// </summary>
/// <remarks><see langword="default"/> is <see cref="Default"/>.</remarks>
public readonly struct TenantId : IEquatable<TenantId>
{
    private const string DefaultValue = "default";

    private string? Text { get; init; }

    /// <summary>Makes a tenant of a text.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or holds a control character or a lone surrogate.</exception>
    public TenantId(string value)
    {
        StorableText.CheckKey(value, "tenant", StreamId.MaxLength);
        Text = value;
    }

    /// <summary>The tenant of a store that has no other: <c>default</c>.</summary>
    public static TenantId Default => default;

    /// <summary>The text of the tenant.</summary>
    public string Value => Text ?? DefaultValue;

    /// <summary>The tenant of a text.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static implicit operator TenantId(string value) => new(value);

    /// <inheritdoc cref="Equals(TenantId)"/>
    public static bool operator ==(TenantId left, TenantId right) => left.Equals(right);

    /// <summary>Whether the tenants differ, compared by their characters.</summary>
    public static bool operator !=(TenantId left, TenantId right) => !left.Equals(right);

    /// <summary>A tenant as it was stored. It is not checked: whoever wrote it, its events are read.</summary>
    internal static TenantId Stored(string value) => new() { Text = value };

    /// <summary>Whether the tenants are the same, compared by their characters.</summary>
    public bool Equals(TenantId other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TenantId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <summary>The text of the tenant.</summary>
    public override string ToString() => Value;
}
