namespace FluentEventStore;

/// <summary>What the handler of a message in the process is told beside the message.</summary>
public sealed class MessageContext
{
    private readonly Func<IServiceProvider?> _services;

    internal MessageContext(OutgoingMessage message, Func<IServiceProvider?> services, CancellationToken cancellationToken)
    {
        (Message, _services, CancellationToken) = (message, services, cancellationToken);
    }

    /// <summary>The message with all that is known of it.</summary>
    public OutgoingMessage Message { get; }

    /// <summary>
    /// The services of a scope of this message alone, which is disposed after the call. A session of the store among them writes apart from
    /// the message: what it saves stays if the message comes again.
    /// </summary>
    /// <value><see langword="null"/> if the store is not one of the services of an application.</value>
    public IServiceProvider? Services => _services();

    /// <inheritdoc cref="IMessageSink.SendAsync" path="/param[@name='cancellationToken']"/>
    public CancellationToken CancellationToken { get; }
}
