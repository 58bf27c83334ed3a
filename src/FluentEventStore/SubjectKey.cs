using System.Security.Cryptography;

namespace FluentEventStore;

/// <summary>The key that the personal data of a subject is encrypted with, or the fact that it was destroyed.</summary>
public sealed class SubjectKey
{
    /// <summary>The length of a key in bytes: 256 bits, for AES-GCM.</summary>
    public const int Length = 32;

    private readonly byte[]? _bytes;

    /// <summary>Takes a copy of a key.</summary>
    /// <exception cref="ArgumentException">The key is not <see cref="Length"/> bytes long.</exception>
    public SubjectKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A key is {Length} bytes long; this one has {bytes.Length}.", nameof(bytes));

        _bytes = bytes.ToArray();
    }

    private SubjectKey()
    {
    }

    /// <summary>Stands for the key of a subject that was forgotten.</summary>
    public static SubjectKey Forgotten { get; } = new();

    /// <summary>Whether the key was destroyed.</summary>
    public bool IsForgotten => _bytes is null;

    /// <summary>The key.</summary>
    /// <exception cref="InvalidOperationException">It was destroyed.</exception>
    internal ReadOnlySpan<byte> Bytes => _bytes ?? throw new InvalidOperationException("The key was destroyed.");

    /// <summary>Tells the key from others without revealing it: its SHA-256.</summary>
    /// <exception cref="InvalidOperationException">It was destroyed.</exception>
    internal byte[] Digest => field ??= SHA256.HashData(Bytes);

    /// <summary>A key that is thrown away once something was encrypted with it.</summary>
    internal static SubjectKey OfNobody() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Says whether there is a key, never which.</summary>
    public override string ToString() => IsForgotten ? "forgotten" : "a key";
}
