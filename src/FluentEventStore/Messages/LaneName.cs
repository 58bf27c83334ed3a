using System.Globalization;
using System.Text;

namespace FluentEventStore.Messages;

/// <summary>
/// The name of what is sent one after the other: the messages of a key, or one message without a key. It begins with a hash, so that a
/// sender that goes round in the order of names visits all alike, whatever keys and ids arrive meanwhile.
/// </summary>
internal static class LaneName
{
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    public static string Of(TenantId tenantId, string? key, Guid id) => key is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Hash(id):x8}m{id:N}")
        : string.Create(CultureInfo.InvariantCulture, $"{Hash(tenantId, key):x8}k{key}");

    private static uint Hash(Guid id) => Add(Basis, id.ToByteArray());

    private static uint Hash(TenantId tenantId, string key) =>
        Add(Add(Add(Basis, Encoding.UTF8.GetBytes(tenantId.Value)), [0]), Encoding.UTF8.GetBytes(key));

    private static uint Add(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            hash = unchecked((hash ^ one) * Prime);

        return hash;
    }
}
