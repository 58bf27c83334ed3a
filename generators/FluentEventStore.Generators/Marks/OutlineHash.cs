using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Marks;

/// <summary>A hash over nodes and tokens (FNV-1a, 64 bits).</summary>
internal struct OutlineHash
{
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _value;
    private bool _isStarted;

    private readonly ulong Value => _isStarted ? _value : Start;

    public static ulong Of(IEnumerable<SyntaxNodeOrToken> parts)
    {
        var hash = new OutlineHash();
        foreach (var part in parts)
        {
            hash.Add(part);
        }

        return hash.Value;
    }

    private void Add(SyntaxNodeOrToken part)
    {
        Add((uint)part.RawKind);
        if (!part.IsToken)
            return;

        var token = part.AsToken();
        Add(token.Text);
        if (!token.ContainsDirectives)
            return;

        foreach (var trivia in token.LeadingTrivia)
        {
            if (trivia.IsKind(SyntaxKind.NullableDirectiveTrivia))
                Add(trivia.ToString());
        }
    }

    private void Add(string text)
    {
        foreach (var character in text)
        {
            Add(character);
        }
    }

    private void Add(uint value)
    {
        _value = unchecked((Value ^ value) * Prime);
        _isStarted = true;
    }
}
