
namespace FluentEventStore.Generators.Pipeline;

/// <summary>What the catalog of the assembly says about one type.</summary>
/// <param name="Names">The names to publish to compilations that reference the assembly.</param>
/// <param name="Call">The call that registers the type when the module is loaded.</param>
internal sealed record Registration(EquatableArray<StoredName> Names, string Call);
