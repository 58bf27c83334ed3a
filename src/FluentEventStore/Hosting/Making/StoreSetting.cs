namespace FluentEventStore.Hosting;

/// <summary>Sets options of a store, from some part of the application.</summary>
/// <param name="Key">Of which store; <see langword="null"/> for the one without a key.</param>
/// <param name="Configure">Sets them.</param>
internal sealed record StoreSetting(string? Key, Action<IServiceProvider, EventStoreOptions> Configure);
