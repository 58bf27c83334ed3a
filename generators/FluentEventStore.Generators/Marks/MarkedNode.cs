using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Marks;

/// <summary>A declaration with attributes.</summary>
/// <param name="Node">The declaration.</param>
/// <param name="Names">The names of its attributes as they are written, without their namespaces.</param>
internal sealed record MarkedNode(SyntaxNode Node, IReadOnlyList<string> Names);
