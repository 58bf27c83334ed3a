using System.Globalization;
using System.Text;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Catalog;

/// <summary>Writes the file that registers the types of the assembly and of those that it references.</summary>
internal static class CatalogEmitter
{
    public static void Emit(SourceProductionContext output, IEnumerable<Registration> registrations, ReferencesModel references)
    {
        var own = registrations
            .Distinct()
            .OrderBy(static registration => Rank(registration.Names[0].Kind))
            .ThenBy(static registration => registration.Call, StringComparer.Ordinal)
            .ToArray();
        if (own.Length == 0 && references.Catalogs.Count == 0)
            return;

        var className = ClassName(references.AssemblyName);
        var writer = GeneratedFile.Begin();
        foreach (var alias in references.Catalogs.Select(static catalog => catalog.Substring(0, catalog.IndexOf(':')))
            .Where(static alias => alias != "global")
            .Distinct())
        {
            writer.Line($"extern alias {alias};");
        }

        writer.Line(
            "[assembly: "
                + $"global::FluentEventStore.Serialization.GeneratedCatalog(typeof(global::{TypeNames.GeneratedNamespace}.{className}))]");
        foreach (var name in own.SelectMany(static registration => registration.Names)
            .Distinct()
            .OrderBy(static name => (name.Kind, name.Name, name.Version)))
        {
            var version = name.Version.ToString(CultureInfo.InvariantCulture);
            writer.Line(
                $"[assembly: global::FluentEventStore.Serialization.GeneratedName(\"{name.Kind}\", {Literals.Text(name.Name)}, {version}, "
                    + $"typeof({name.TypeName}))]");
        }

        writer.Line($$"""

            namespace {{TypeNames.GeneratedNamespace}};

            /// <summary>Registers the types of this assembly and of those that it references. Called when the module is loaded.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {{GeneratedFile.Attribute}}
            """);
        writer.Open($"public static class {className}");
        writer.Line("""
            private static int registered;

            /// <summary>Registers the types; only the first call does anything.</summary>
            """);
        writer.Open("public static void Register()");
        writer.Line("""
            if (global::System.Threading.Interlocked.Exchange(ref registered, 1) == 1)
                return;

            """);
        foreach (var catalog in references.Catalogs)
        {
            writer.Line($"{catalog}.Register();");
        }

        foreach (var registration in own)
        {
            writer.Line(registration.Call);
        }

        writer.Close();
        writer.Line("""

            [global::System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Load() => Register();
            """);
        writer.Close();
        writer.AddTo(output, className);
    }

    /// <summary>The order: an aggregate that is also a document finds that registered, and an upcaster its events.</summary>
    private static int Rank(string kind) => kind switch
    {
        "aggregate" => 1,
        StoredName.Upcaster => 2,
        "projection" => 3,
        _ => 0,
    };

    /// <summary>The name of the generated class: one that no other assembly's class has.</summary>
    private static string ClassName(string assemblyName)
    {
        var name = new StringBuilder();
        foreach (var character in assemblyName)
        {
            _ = character switch
            {
                '.' => name.Append('_'),
                '_' => name.Append("__"),
                _ when char.IsLetterOrDigit(character) => name.Append(character),
                _ => name.Append('x').Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        if (name.Length == 0 || char.IsDigit(name[0]))
            name.Insert(0, '_');

        return name.Append("Catalog").ToString();
    }
}
