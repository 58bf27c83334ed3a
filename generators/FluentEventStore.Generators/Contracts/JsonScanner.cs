using System.Globalization;
using System.Text;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Reads JSON from a text. .NET Standard has no reader, and a generator brings no other assembly along.</summary>
internal sealed class JsonScanner(string text)
{
    /// <summary>As deep as the codecs of events read.</summary>
    private const int MaxDepth = 64;

    private int _depth;

    /// <summary>Where the next token begins, once <see cref="SkipSpace"/> was called.</summary>
    public int Position { get; private set; }

    public bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return Position == text.Length;
        }
    }

    /// <summary>Goes through an object. After each name, its value is to be read.</summary>
    public IEnumerable<string> Properties()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Enter('{', "an object");
        if (!TryTake('}'))
        {
            do
            {
                SkipSpace();
                var start = Position;
                var name = String();
                if (!names.Add(name))
                    throw new JsonFault($"the property '{name}' occurs twice in one object", start);

                Expect(':', "a colon");
                yield return name;
            }
            while (TryTake(','));
            Expect('}', "a comma or the end of the object");
        }

        _depth--;
    }

    /// <summary>Goes through an array, whose items are to be read one by one; yields where each begins.</summary>
    public IEnumerable<int> Items()
    {
        Enter('[', "an array");
        if (!TryTake(']'))
        {
            do
            {
                SkipSpace();
                yield return Position;
            }
            while (TryTake(','));
            Expect(']', "a comma or the end of the array");
        }

        _depth--;
    }

    public string String()
    {
        Expect('"', "a string");
        var value = new StringBuilder();
        while (true)
        {
            var character = Position < text.Length ? text[Position] : '\n';
            if (character < ' ')
                throw new JsonFault("a string is not closed on its line", Position);

            Position++;
            if (character == '"')
                return value.ToString();

            value.Append(character == '\\' ? Escaped() : character);
        }
    }

    public int Integer()
    {
        SkipSpace();
        var start = Position;
        return int.TryParse(Raw(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonFault("a whole number is expected", start);
    }

    /// <summary>Any value, as it stands in the text.</summary>
    public string Raw()
    {
        SkipSpace();
        var start = Position;
        switch (Position < text.Length ? text[Position] : '\0')
        {
            case '{':
                foreach (var _ in Properties())
                    Raw();

                break;
            case '[':
                foreach (var _ in Items())
                    Raw();

                break;
            case '"':
                String();
                break;
            default:
                Word();
                break;
        }

        return text.Substring(start, Position - start);
    }

    public void SkipSpace()
    {
        while (Position < text.Length && text[Position] is ' ' or '\t' or '\n' or '\r')
            Position++;
    }

    private void Enter(char bracket, string expected)
    {
        if (++_depth > MaxDepth)
            throw new JsonFault($"it is nested deeper than {MaxDepth} levels", Position);

        Expect(bracket, expected);
    }

    private bool TryTake(char character)
    {
        SkipSpace();
        if (Position == text.Length || text[Position] != character)
            return false;

        Position++;
        return true;
    }

    private void Expect(char character, string expected)
    {
        if (!TryTake(character))
            throw new JsonFault(
                Position == text.Length ? $"it ends where {expected} is expected" : $"{expected} is expected here", Position);
    }

    private char Escaped()
    {
        var character = Position < text.Length ? text[Position++] : '\0';
        switch (character)
        {
            case '"' or '\\' or '/':
                return character;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when Position + 4 <= text.Length
                && ushort.TryParse(text.Substring(Position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                Position += 4;
                return (char)code;
            default:
                throw new JsonFault("a string holds an escape that JSON does not know", Position - 1);
        }
    }

    private void Word()
    {
        var start = Position;
        while (Position < text.Length && (char.IsLetterOrDigit(text[Position]) || text[Position] is '-' or '+' or '.'))
            Position++;

        var word = text.Substring(start, Position - start);
        if (word is not ("true" or "false" or "null") && !IsNumber(word))
            throw new JsonFault(
                word.Length == 0 && start == text.Length ? "it ends where a value is expected" : "a value is expected here", start);
    }

    private static bool IsNumber(string word)
    {
        var index = word.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        if (!Digits(out var whole) || (whole > 1 && word[index - whole] == '0'))
            return false;

        if (index < word.Length && word[index] == '.')
        {
            index++;
            if (!Digits(out _))
                return false;
        }

        if (index < word.Length && word[index] is 'e' or 'E')
        {
            index++;
            if (index < word.Length && word[index] is '+' or '-')
                index++;

            if (!Digits(out _))
                return false;
        }

        return index == word.Length;

        bool Digits(out int count)
        {
            var start = index;
            while (index < word.Length && word[index] is >= '0' and <= '9')
                index++;

            count = index - start;
            return count > 0;
        }
    }
}
