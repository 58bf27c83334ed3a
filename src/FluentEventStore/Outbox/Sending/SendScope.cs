using FluentEventStore.Sessions;
using FluentEventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Outbox;

/// <summary>The services of one message, opened when somebody asks for them.</summary>
internal sealed class SendScope(IPageScopes? scopes, StoreContext context, TenantId tenantId) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private DocumentSession? _session;
    private AsyncServiceScope? _scope;
    private bool _isOver;

    /// <exception cref="ObjectDisposedException">The call is over.</exception>
    public IServiceProvider? Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, typeof(MessageContext));
            if (scopes is null)
                return null;

            _session ??= new DocumentSession(context, tenantId);
            return (_scope ??= scopes.Open(_session)).ServiceProvider;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isOver = true;

        if (_scope is { } scope)
            await scope.DisposeAsync().ConfigureAwait(false);

        if (_session is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
    }
}
