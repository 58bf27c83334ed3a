using System.Security.Cryptography;

namespace GitHistory.History;

/// <summary>UUIDs of version 5 (RFC 9562): the same space and name always make the same one.</summary>
internal static class NameBasedUuid
{
    public static Guid Create(Guid space, ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(space.ToByteArray(bigEndian: true));
        sha1.AppendData(name);
        sha1.GetHashAndReset(hash);

        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
