using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.Events;

/// <summary>
/// Ids for events of sources that have none: a UUID of version 8 that begins with the time in milliseconds, so that the index of ids grows at its
/// end, and goes on with a hash of what names the event.
/// </summary>
internal static class ImportedEventId
{
    public static Guid Of(ImportedEvent @event)
    {
        // 250 UTF-16 characters are at most 750 bytes.
        Span<byte> name = stackalloc byte[1600];
        var length = Encoding.UTF8.GetBytes(@event.TenantId.Value, name);
        name[length++] = 0;
        length += Encoding.UTF8.GetBytes(@event.StreamId.Value, name[length..]);
        name[length++] = 0;
        BinaryPrimitives.WriteInt64BigEndian(name[length..], @event.Version);
        length += sizeof(long);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..length], hash);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, @event.Timestamp.ToUnixTimeMilliseconds() << 16);
        hash[..10].CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
