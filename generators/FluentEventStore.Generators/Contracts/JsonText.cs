using System.Globalization;
using System.Text;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Texts as JSON writes them.</summary>
internal static class JsonText
{
    /// <summary>Escapes what JSON demands, and what C# takes for the end of a line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' || char.IsSurrogate(character) =>
                    quoted.Append(@"\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }
}
