namespace FluentEventStore;

/// <summary>Where in a JSON text an error is, and what stands around there.</summary>
internal readonly record struct JsonPlace(string Path, string Excerpt);
