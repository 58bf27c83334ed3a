namespace FluentEventStore.Outbox;

/// <summary>Hands a message to whoever sends it.</summary>
/// <param name="message">The message.</param>
/// <param name="services">Opens the services of its scope, if there are any.</param>
/// <param name="cancellationToken">Ends the call.</param>
internal delegate Task SinkCall(OutgoingMessage message, Func<IServiceProvider?> services, CancellationToken cancellationToken);
