namespace FluentEventStore.Sessions;

/// <summary>What all sessions of a store share.</summary>
internal sealed record StoreContext(StoreReading Reading, StoreWriting Writing);
