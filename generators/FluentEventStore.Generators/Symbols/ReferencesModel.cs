using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Symbols;

/// <summary>What the compilation is called, and what the assemblies that it references have registered.</summary>
/// <param name="AssemblyName">The simple name of the compiled assembly.</param>
/// <param name="Catalogs">
/// The generated classes of the references, fully qualified; those of references that have an alias only, by it.
/// </param>
/// <param name="Names">The names that the references have taken.</param>
internal sealed record ReferencesModel(string AssemblyName, EquatableArray<string> Catalogs, EquatableArray<StoredName> Names);
