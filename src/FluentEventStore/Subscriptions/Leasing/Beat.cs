namespace FluentEventStore.Subscriptions;

/// <summary>How a node says that it is alive.</summary>
/// <param name="Node">The node.</param>
/// <param name="Name">What an operator knows it by.</param>
/// <param name="Knows">What it can carry.</param>
internal sealed record Beat(Guid Node, string Name, string[] Knows);
