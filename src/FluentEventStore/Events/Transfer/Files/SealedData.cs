namespace FluentEventStore.Events;

/// <summary>The data of an exported event that holds encrypted values.</summary>
internal sealed record SealedData(TenantId TenantId, Guid Id, byte[] Json);
