namespace FluentEventStore.Generators.Events;

/// <summary>A property of an event that tags it.</summary>
/// <param name="Name">The name of the tag.</param>
/// <param name="Value">The access to its value.</param>
internal sealed record TagModel(string Name, string Value);
