namespace FluentEventStore.Events;

/// <summary>Which event an error of an import speaks of; <see langword="default"/> for none.</summary>
internal readonly record struct ImportedEventKey(TenantId TenantId, StreamId StreamId, long Version);
