namespace FluentEventStore.Hosting;

/// <summary>The services of the application as a whole, which no scope ends.</summary>
/// <param name="Services">What a singleton is given.</param>
internal sealed record RootProvider(IServiceProvider Services);
