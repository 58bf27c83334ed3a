namespace FluentEventStore.AspNetCore;

/// <summary>A request works for no tenant: it names none, or what it names cannot be one.</summary>
/// <remarks>Nothing was read or written. It is answered with 400.</remarks>
public sealed class TenantMissingException(string? name) : Exception(
    name is null ? "The request does not say for which tenant it is." : "What the request names is no tenant: one name of 1 to 250 "
        + "characters, none of them a control character.")
{
    /// <summary>What the request names, several names with commas; <see langword="null"/> if it names nothing.</summary>
    public string? Name { get; } = name;
}
