namespace FluentEventStore.Hosting;

/// <summary>What a store is to hold from the beginning.</summary>
/// <param name="Name">What tells it from others of the store.</param>
/// <param name="TenantId">Whose session writes it; <see langword="null"/>: each database gets it.</param>
/// <param name="Write">Fills the session.</param>
internal sealed record StoreSeed(
    string Name, TenantId? TenantId, Func<IServiceProvider, IDocumentSession, CancellationToken, Task> Write);
