using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Subscriptions;

/// <summary>Gives the handlers of a page of events the services of the application.</summary>
internal interface IPageScopes
{
    /// <summary>Whether the services of the application are disposed: then no handler can work, and none has failed.</summary>
    bool AreOver { get; }

    /// <summary>Opens a scope, in which the session of the store is this one.</summary>
    AsyncServiceScope Open(IDocumentSession session);
}
