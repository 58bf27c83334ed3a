using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Marks;

/// <summary>All that the meaning of declarations follows from: what files declare, references and options. While it is the same, no model can change.</summary>
internal sealed class Surface : IEquatable<Surface>
{
    private readonly ImmutableArray<ulong> _files;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private readonly string? _assemblyName;
    private readonly HashSet<string> _aliases;

    public Surface(ImmutableArray<Outline> outlines, Compilation compilation)
    {
        _files = [.. outlines.Select(static outline => outline.Hash)];
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
        _assemblyName = compilation.AssemblyName;
        _aliases = new HashSet<string>(outlines.SelectMany(static outline => outline.Aliases), StringComparer.Ordinal);
    }

    /// <summary>Whether a name, as written, may mean an attribute; what it means tells the compiler.</summary>
    /// <param name="written">The name in the source.</param>
    /// <param name="attribute">The name of the attribute's type, without its namespace.</param>
    public bool CanMean(string written, string attribute) =>
        attribute.StartsWith(written, StringComparison.Ordinal) && (written.Length == attribute.Length || attribute.Length - written.Length == nameof(Attribute).Length)
        || _aliases.Contains(written) || _aliases.Contains(written + nameof(Attribute));

    public bool Equals(Surface? other) => ReferenceEquals(this, other) || (other is not null
        && _assemblyName == other._assemblyName
        && _files.SequenceEqual(other._files)
        && (_references == other._references || _references.SequenceEqual(other._references))
        && _options.Equals(other._options));

    public override bool Equals(object? obj) => Equals(obj as Surface);

    public override int GetHashCode() => _files.Length;
}
