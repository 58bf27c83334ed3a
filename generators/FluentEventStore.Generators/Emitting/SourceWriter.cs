using System.Text;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Writes indented source. Lines end in a line feed on every machine.</summary>
internal sealed class SourceWriter
{
    private const int Width = 4;

    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Writes an empty line.</summary>
    public void Line() => _text.Append('\n');

    /// <summary>Writes text of one or more lines, each at the current indentation.</summary>
    public void Line(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.TrimEnd('\r');
            if (trimmed.Length > 0)
                _text.Append(' ', _indent * Width).Append(trimmed);

            _text.Append('\n');
        }
    }

    /// <summary>Writes text one step further in.</summary>
    public void Indented(string text)
    {
        _indent++;
        Line(text);
        _indent--;
    }

    /// <summary>Writes a list of types, as what a property is or returns, and an empty line.</summary>
    public void Types(string head, IEnumerable<string> types)
    {
        Line(head);
        Line("[");
        foreach (var type in types)
            Indented($"typeof({type}),");

        Line("];");
        Line();
    }

    /// <summary>Opens a block with a brace.</summary>
    public void Open(string head)
    {
        Line(head);
        Line("{");
        _indent++;
    }

    /// <summary>Closes a block.</summary>
    public void Close(string tail = "")
    {
        _indent--;
        Line("}" + tail);
    }

    public override string ToString() => _text.ToString();
}
