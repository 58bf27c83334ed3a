namespace FluentEventStore.Tests.Subscriptions;

/// <summary>The protocol is broken.</summary>
internal sealed class ModelException(string message) : Exception(message);
