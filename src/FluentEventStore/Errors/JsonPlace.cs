namespace FluentEventStore;

/// <summary>Where in a JSON text an error is, and what stands around there.</summary>
/// <param name="Path">The path, for instance <c>$.lines[2].price</c>; <c>$</c> for the whole.</param>
/// <param name="Excerpt">The text around it.</param>
public readonly record struct JsonPlace(string Path, string Excerpt);
