using System.IO.Compression;
using System.Reflection;
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
    public void The_package_for_the_web_needs_the_library_and_the_framework_and_nothing_else()
    {
        using var package = ZipFile.OpenRead(packages.AspNetCore);
        package.Entries.Select(static entry => entry.FullName)
            .Where(static name => name.StartsWith("lib/", StringComparison.Ordinal))
            .ShouldBe(["lib/net10.0/FluentEventStore.AspNetCore.dll", "lib/net10.0/FluentEventStore.AspNetCore.xml"], ignoreOrder: true);

        var needed = DependenciesOf(package).ToDictionary(static dependency => ValueOf(dependency, "id")!);
        needed.Remove("FluentEventStore", out var dependency).ShouldBeTrue();
        ValueOf(dependency!, "version").ShouldBe(packages.Version);
        (ValueOf(dependency!, "exclude") ?? "").ShouldNotContain("Analyzers", customMessage: "The generator comes along.");
        using var library = ZipFile.OpenRead(packages.Library);
        needed.Keys.Except(DependenciesOf(library).Select(static dependency => ValueOf(dependency, "id"))).ShouldBeEmpty();
        ValueOf(MetadataOf(package).Descendants().Single(static element => element.Name.LocalName == "frameworkReference"), "name")
            .ShouldBe("Microsoft.AspNetCore.App");
    }

    [Fact]
    public void The_assemblies_that_may_be_trimmed_say_so()
    {
        foreach (var path in (string[])[packages.Library, packages.AspNetCore])
        {
            using var package = ZipFile.OpenRead(path);
            Read(package.Entries.Single(static entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)
                && entry.FullName.StartsWith("lib/", StringComparison.Ordinal)), MarksOf)
                .ShouldContain("IsTrimmable=True", path);
        }
    }

    [Fact]
    public void Each_package_has_a_license_symbols_and_a_page_without_links()
    {
        foreach (var path in (string[])[packages.Library, packages.AspNetCore, packages.LocalPostgres])
        {
            using var package = ZipFile.OpenRead(path);
            var metadata = MetadataOf(package).Elements()
                .ToDictionary(static element => element.Name.LocalName, static element => element.Value);
            metadata["license"].ShouldBe("MIT", path);
            metadata["readme"].ShouldBe("README.md", path);
            metadata["description"].ShouldNotBeNullOrWhiteSpace(path);
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
        var dependencies = DependenciesOf(package).Select(static dependency => ValueOf(dependency, "id")!).ToArray();
        dependencies.ShouldContain("Npgsql");
        dependencies.ShouldNotContain(
            static name => name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name == "PolySharp");
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
            Read(entry, ReferencesOf)
                .Where(name => !provided.Contains(name) && !name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                .ShouldBeEmpty(entry.FullName);
        }
    }

    private static XElement MetadataOf(ZipArchive package)
    {
        using var specification = package.Entries.Single(static entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(specification).Root!.Elements().Single();
    }

    private static IEnumerable<XElement> DependenciesOf(ZipArchive package) =>
        MetadataOf(package).Descendants().Where(static element => element.Name.LocalName == "dependency");

    private static string? ValueOf(XElement element, string attribute) => element.Attribute(attribute)?.Value;

    private static string[] Read(ZipArchiveEntry entry, Func<MetadataReader, IEnumerable<string>> read)
    {
        using var image = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(image);

        image.Position = 0;
        using var file = new PEReader(image);
        return [.. read(file.GetMetadataReader())];
    }

    private static IEnumerable<string> ReferencesOf(MetadataReader metadata) =>
        metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));

    /// <summary>The metadata attributes of an assembly, as in <c>IsTrimmable=True</c>.</summary>
    private static IEnumerable<string> MarksOf(MetadataReader metadata)
    {
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference)
                continue;

            var type = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
            if (type.Kind != HandleKind.TypeReference
                || metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name) != nameof(AssemblyMetadataAttribute))
                continue;

            var value = metadata.GetBlobReader(attribute.Value);
            value.ReadUInt16();
            yield return $"{value.ReadSerializedString()}={value.ReadSerializedString()}";
        }
    }
}
