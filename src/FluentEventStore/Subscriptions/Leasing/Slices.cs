using System.Buffers;
using System.Text;

namespace FluentEventStore.Subscriptions;

/// <summary>Which slice a key falls into. Slices are stored, so this never changes.</summary>
internal static class Slices
{
    // FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), and the finalizer of MurmurHash3, which spreads what differs only
    // in the last characters over all bits.
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static int Of(string tenant, string key)
    {
        // No text that can be stored holds a NUL: tenant and key cannot run into each other.
        var hash = Add(Add(Basis, tenant) * Prime, key);
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        hash ^= hash >> 33;
        return (int)(hash % SubscriptionTables.SliceCount);
    }

    private static ulong Add(ulong hash, string text)
    {
        const int OnStack = 256;
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var bytes = rented ?? stackalloc byte[OnStack];
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
            hash = (hash ^ value) * Prime;

        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        return hash;
    }
}
