namespace FluentEventStore.Hosting;

/// <summary>The page of events that a scope belongs to, if it belongs to one.</summary>
internal sealed class PageOfScope
{
    private string? _key;
    private IDocumentSession? _session;

    /// <summary>The scope belongs to a page of a subscription.</summary>
    /// <param name="key">Of which store.</param>
    /// <param name="session">What the page is written with.</param>
    public void Begin(string? key, IDocumentSession session) => (_key, _session) = (key, session);

    /// <summary>The session of a store in the scope; <see langword="null"/> if the scope is of no page of it.</summary>
    public IDocumentSession? SessionOf(string? key) => key == _key ? _session : null;
}
