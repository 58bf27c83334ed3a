using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.Subscriptions;

/// <summary>What keeps events of a subscription in order: those of one key are handled one after the other.</summary>
/// <param name="Tenant">The tenant of the events.</param>
/// <param name="Key">The key within it.</param>
internal readonly record struct EventKey(string Tenant, string Key)
{
    /// <summary>How long a key may be for the index of parked keys to hold it beside the name and the tenant.</summary>
    private const int MaxLength = 250;

    /// <summary>How much of a longer one is kept for operators to know it by.</summary>
    private const int Kept = 150;

    /// <summary>The key of an event by a partition. An event without one is a key of its own.</summary>
    /// <exception cref="ArgumentException">The key cannot be stored.</exception>
    public static EventKey Of(IEvent @event, Partition partition) =>
        new(@event.TenantId.Value, partition.KeyOf(@event) is { } key ? Storable(key) : @event.Id.ToString());

    /// <summary>The slice that the key falls into: the same in every process and release.</summary>
    public int Slice => Slices.Of(Tenant, Key);

    private static string Storable(string key) => StorableText.FindFault(key) is { } fault
        ? throw new ArgumentException($"The key of an event must be storable. {fault}", nameof(key))
        : key.Length <= MaxLength ? key : Shorten(key);

    private static string Shorten(string key)
    {
        var end = char.IsHighSurrogate(key[Kept - 1]) ? Kept - 1 : Kept;
        return $"{key[..end]}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }
}
