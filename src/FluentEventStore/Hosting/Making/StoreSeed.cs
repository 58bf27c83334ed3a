namespace FluentEventStore.Hosting;

/// <summary>What a store is to hold from the beginning.</summary>
internal sealed record StoreSeed(string Name, Func<IServiceProvider, IDocumentSession, CancellationToken, Task> Write);
