using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Catalog;

/// <summary>A name that a type is stored under, or a shape that an upcaster takes.</summary>
/// <param name="Kind"><c>event</c>, <c>alias</c> (another name of an event), <c>document</c>, <c>aggregate</c> or <c>upcaster</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Version">The version of an event type or of the shape that an upcaster takes; 1 for the others.</param>
/// <param name="TypeName">The fully qualified type without nullable annotations; of an upcaster: that of what it makes.</param>
internal sealed record StoredName(string Kind, string Name, int Version, string TypeName)
{
    public const string Event = "event";
    public const string Alias = "alias";
    public const string Upcaster = "upcaster";

    /// <summary>The assembly that declares the type; empty where it is the compiled one.</summary>
    public string Assembly { get; init; } = "";
}

/// <summary>What the catalog of the assembly says about one type.</summary>
/// <param name="Names">The names to publish to compilations that reference the assembly.</param>
/// <param name="Call">The call that registers the type when the module is loaded.</param>
internal sealed record Registration(EquatableArray<StoredName> Names, string Call);

/// <summary>What the compilation is called, and what the assemblies that it references have registered.</summary>
/// <param name="AssemblyName">The simple name of the compiled assembly.</param>
/// <param name="Catalogs">The generated classes of the references, fully qualified; those of references that have an alias only, by it.</param>
/// <param name="Names">The names that the references have taken.</param>
internal sealed record ReferencesModel(string AssemblyName, EquatableArray<string> Catalogs, EquatableArray<StoredName> Names);
