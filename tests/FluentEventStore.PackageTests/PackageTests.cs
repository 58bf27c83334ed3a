using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace FluentEventStore.PackageTests;

public sealed class PackageTests(Packages packages)
{
    [Fact]
    public void The_package_holds_the_library_its_documentation_the_generator_and_the_texts_of_the_first_page()
    {
        using var package = ZipFile.OpenRead(packages.Library);
        var names = package.Entries.Select(static entry => entry.FullName).ToArray();
        foreach (var name in (string[])
            [
                "lib/net10.0/FluentEventStore.dll",
                "lib/net10.0/FluentEventStore.xml",
                "analyzers/dotnet/cs/FluentEventStore.Generators.dll",
                "README.md",
                "LICENSE"
            ])
        {
            names.ShouldContain(name);
        }

        names.Where(static name => name.StartsWith("lib/", StringComparison.Ordinal)).Count().ShouldBe(2);
    }

    [Fact]
    public void Each_package_has_a_license_symbols_and_a_page_without_links()
    {
        foreach (var path in (string[])[packages.Library, packages.LocalPostgres])
        {
            using var package = ZipFile.OpenRead(path);
            package.GetEntry("LICENSE").ShouldNotBeNull(path);
            using var page = new StreamReader(package.GetEntry("README.md").ShouldNotBeNull(path).Open());
            page.ReadToEnd().ShouldNotContain("](", customMessage: path);
            File.Exists(Path.ChangeExtension(path, ".snupkg")).ShouldBeTrue(path);
        }
    }

    [Fact]
    public void A_user_of_the_package_depends_on_no_part_of_the_compiler()
    {
        using var package = ZipFile.OpenRead(packages.Library);
        using var specification = package.GetEntry("FluentEventStore.nuspec")!.Open();
        var metadata = XDocument.Load(specification).Root!.Elements().Single();
        var dependencies = metadata.Descendants()
            .Where(static element => element.Name.LocalName == "dependency")
            .Select(static element => element.Attribute("id")!.Value)
            .ToArray();
        dependencies.ShouldContain("Npgsql");
        dependencies.ShouldNotContain(
            static name => name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name == "PolySharp");
        metadata.Elements().Single(static element => element.Name.LocalName == "license").Value.ShouldBe("MIT");
    }

    [Fact]
    public void What_the_compiler_loads_needs_only_the_compiler_and_the_files_beside_it()
    {
        using var package = ZipFile.OpenRead(packages.Library);
        var loaded = package.Entries.Where(static entry => entry.FullName.StartsWith("analyzers/", StringComparison.Ordinal)).ToArray();
        var provided = loaded.Select(static entry => Path.GetFileNameWithoutExtension(entry.Name))
            .Concat(["netstandard", "System.Collections.Immutable", "System.Memory", "System.Composition.AttributedModel"])
            .ToArray();
        foreach (var entry in loaded)
        {
            ReferencesOf(entry)
                .Where(name => !provided.Contains(name) && !name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                .ShouldBeEmpty(entry.FullName);
        }
    }

    private static string[] ReferencesOf(ZipArchiveEntry entry)
    {
        using var image = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(image);

        image.Position = 0;
        using var file = new PEReader(image);
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
