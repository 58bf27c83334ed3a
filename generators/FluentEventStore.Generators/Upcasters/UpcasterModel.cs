namespace FluentEventStore.Generators.Upcasters;

/// <summary>An upcaster.</summary>
/// <param name="Method">The method, fully qualified.</param>
/// <param name="TakesMetadata">Whether its second parameter is the metadata of the event.</param>
/// <param name="Name">The stored name of the shape that it takes.</param>
/// <param name="Version">The version of that shape.</param>
/// <param name="OldTypeName">The fully qualified type of that shape; <see langword="null"/> if it is taken as JSON.</param>
/// <param name="NewName">The stored name of the shape that it makes.</param>
/// <param name="NewVersion">The version of that shape.</param>
/// <param name="NewTypeName">The fully qualified type of that shape.</param>
/// <param name="NewErasedName">The same without nullable annotations.</param>
internal sealed record UpcasterModel(
    string Method,
    bool TakesMetadata,
    string Name,
    int Version,
    string? OldTypeName,
    string NewName,
    int NewVersion,
    string NewTypeName,
    string NewErasedName);
