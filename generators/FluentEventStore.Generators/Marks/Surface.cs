using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Marks;

/// <summary>
/// All that gives declarations their meaning: what files declare, references and options. While it is the same, no model can change.
/// </summary>
/// <remarks>Two that differ only by members of types that no marked type reaches are the same.</remarks>
internal sealed class Surface : IEquatable<Surface>
{
    private readonly ImmutableArray<Outline> _files;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private readonly string? _assemblyName;
    private readonly HashSet<string> _aliases;
    private bool[]? _isReached;

    public Surface(ImmutableArray<Outline> files, Compilation compilation)
    {
        _files = files;
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
        _assemblyName = compilation.AssemblyName;
        _aliases = new HashSet<string>(files.SelectMany(static file => file.Aliases), StringComparer.Ordinal);
    }

    /// <summary>Finds the files whose members count.</summary>
    /// <remarks>
    /// This takes as long as parsing. It is done once for a surface that differs from the one before, not at each keystroke to see whether
    /// it does. Until then the members of all files count.
    /// </remarks>
    public void FindReached(Compilation compilation, CancellationToken cancellationToken)
    {
        var reached = Reach.Of(_files, compilation, cancellationToken);
        _isReached = [.. _files.Select(file => reached.Contains(file.Tree))];
    }

    /// <summary>Whether a name, as written, may mean an attribute; the compiler tells what it means.</summary>
    /// <param name="written">The name in the source.</param>
    /// <param name="attribute">The name of the attribute's type, without its namespace.</param>
    public bool CanMean(string written, string attribute) =>
        attribute.StartsWith(written, StringComparison.Ordinal)
            && (written.Length == attribute.Length || attribute.Length - written.Length == nameof(Attribute).Length)
        || _aliases.Contains(written) || _aliases.Contains(written + nameof(Attribute));

    public bool Equals(Surface? other) => ReferenceEquals(this, other) || (other is not null
        && _assemblyName == other._assemblyName
        && HasSameFiles(other)
        && (_references == other._references || _references.SequenceEqual(other._references))
        && _options.Equals(other._options));

    public override bool Equals(object? obj) => Equals(obj as Surface);

    public override int GetHashCode() => _files.Length;

    private bool HasSameFiles(Surface other)
    {
        if (_files.Length != other._files.Length)
            return false;

        var isReached = _isReached ?? other._isReached;
        for (var file = 0; file < _files.Length; file++)
        {
            var (mine, others) = (_files[file], other._files[file]);
            if (mine.Hash != others.Hash && (isReached is null || isReached[file] || mine.TypesHash != others.TypesHash))
                return false;
        }

        return true;
    }
}
