using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Hosting;

/// <inheritdoc cref="IEventStoreSessions"/>
/// <param name="store">The store.</param>
/// <param name="options">How sessions are opened.</param>
/// <param name="page">The session of the page of events that the scope belongs to; <see langword="null"/> if it belongs to none.</param>
internal sealed class ScopedSessions(IEventStore store, SessionOptions options, IDocumentSession? page = null) : IEventStoreSessions
{
    private IDocumentSession? _session = page;

    // What handlers of a page read is noticed.
    private IQuerySession? _querySession = page;

    public SessionOptions Options { get; } = options;

    public bool HasSession => _session is not null;

    // The container disposes what it hands out.
    public IDocumentSession Session => _session ??= OpenSession();

    public IQuerySession QuerySession => _querySession ??= OpenQuerySession();

    /// <exception cref="InvalidOperationException">The scope is the application as a whole.</exception>
    public static ScopedSessions Of(IServiceProvider provider, string? key)
    {
        if (provider == provider.GetRequiredService<RootProvider>().Services)
            throw new InvalidOperationException(
                "A session belongs to a scope, such as a request, and would never end here: a singleton asks for it, or it is resolved "
                    + "from the services of the application as a whole. Resolve it in a scope (CreateAsyncScope), or open one with "
                    + "IEventStore.OpenSession().");

        var options = new SessionOptions();
        foreach (var configure in provider.GetServices<IConfigureSessions>())
            configure.Configure(options);

        var page = provider.GetRequiredService<PageOfScope>().SessionOf(key);
        options.TenantId = page?.TenantId ?? options.TenantId;
        return new ScopedSessions(provider.GetRequiredKeyedService<IEventStore>(key), options, page);
    }

    public IDocumentSession OpenSession() => store.OpenSession(Options);

    public IQuerySession OpenQuerySession() => store.OpenQuerySession(Options.TenantId);
}
