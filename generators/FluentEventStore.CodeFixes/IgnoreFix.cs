using System.Composition;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Says that a field or property is not to be stored.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class IgnoreFix() : StateFix(Attributes.JsonIgnore, "Leave it out of what is stored");
