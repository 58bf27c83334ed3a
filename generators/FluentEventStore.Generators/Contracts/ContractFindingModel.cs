using System.Globalization;
using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Something that the analyzer says about an event and its contract.</summary>
/// <param name="Rule">The id of the rule.</param>
/// <param name="Path">The contract file.</param>
/// <param name="Place">The type to say it at; empty if no code is left that could be pointed at.</param>
/// <param name="Member">The property to say it at; empty for the type itself.</param>
/// <param name="Line">In the file: the line, from 0.</param>
/// <param name="Column">In the file: the column, from 0.</param>
/// <param name="Entry">The entry that the contract would hold, for a code fix; empty if none is offered.</param>
/// <param name="Arguments">What the message says.</param>
internal sealed record ContractFindingModel(
    string Rule, string Path, string Place, string Member, int Line, int Column, string Entry, EquatableArray<string> Arguments)
{
    /// <summary>The finding as one line of JSON.</summary>
    public string Write() =>
        $"[{string.Join(
            ", ", new[] { Rule, Path, Place, Member, Text(Line), Text(Column), Entry }.Concat(Arguments).Select(JsonText.Quote))}]";

    /// <summary>Reads what <see cref="Write"/> has written; <see langword="null"/> if the text is something else.</summary>
    public static ContractFindingModel? Read(string text)
    {
        try
        {
            var scanner = new JsonScanner(text);
            var values = scanner.Items().Select(_ => scanner.String()).ToArray();
            return values is [var rule, var path, var place, var member, var line, var column, var entry, ..]
                ? new ContractFindingModel(
                    rule, path, place, member, Number(line), Number(column), entry, values.Skip(7).ToArray().ToEquatableArray())
                : null;
        }
        catch (JsonFault)
        {
            return null;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
