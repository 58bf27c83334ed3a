using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.Events;

/// <summary>
/// Ids for events of sources that have none: UUIDs of version 8. They begin with the time in milliseconds, so that the index of ids grows
/// at its end. A hash of what identifies the event follows. It is keyed by a secret of the store, so that nobody can know the ids of future
/// events and take them.
/// </summary>
internal sealed class ImportedEventIds(Guid secret)
{
    private readonly byte[] _secret = secret.ToByteArray(bigEndian: true);

    /// <summary>The id of an event: its own, or one that is made for it.</summary>
    public Guid IdOf(ImportedEvent @event)
    {
        if (@event.Id != Guid.Empty)
            return @event.Id;

        // 250 UTF-16 characters are at most 750 bytes.
        Span<byte> name = stackalloc byte[1600];
        var length = Encoding.UTF8.GetBytes(@event.TenantId.Value, name);
        name[length++] = 0;
        length += Encoding.UTF8.GetBytes(@event.StreamId.Value, name[length..]);
        name[length++] = 0;
        BinaryPrimitives.WriteInt64BigEndian(name[length..], @event.Version);
        length += sizeof(long);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, name[..length], hash);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, @event.Timestamp.ToUnixTimeMilliseconds() << 16);
        hash[..10].CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
