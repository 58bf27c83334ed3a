using System.Globalization;
using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Reads contract files.</summary>
internal static class ContractReader
{
    /// <summary>The form of file that this release writes and reads.</summary>
    public const int Format = 1;

    private const string FileName = "EventContracts.json";

    /// <summary>Whether a path is that of a contract file.</summary>
    public static bool IsContract(string path) => Path.GetFileName(path).Equals(FileName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file; one without content is a contract without events.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="text">Its text; <see langword="null"/> if it does not exist.</param>
    public static ContractFileModel Read(string path, SourceText? text)
    {
        try
        {
            return new ContractFileModel(path, text is null ? default : Entries(new JsonScanner(text.ToString()), text.Lines), Fault: null);
        }
        catch (JsonFault fault)
        {
            var place = text!.Lines.GetLinePosition(fault.Position);
            return new ContractFileModel(path, default, new ContractFaultModel(fault.Message, place.Line, place.Character));
        }
    }

    /// <summary>Reads an entry that <see cref="ContractWriter.Entry"/> has written.</summary>
    public static ContractEntryModel ReadEntry(string text) => Entry(new JsonScanner(text), line: 0);

    private static EquatableArray<ContractEntryModel> Entries(JsonScanner scanner, TextLineCollection lines)
    {
        var entries = new List<ContractEntryModel>();
        var known = new HashSet<(string, int)>();
        if (scanner.IsAtEnd)
            return default;

        var format = 0;
        var start = scanner.Position;
        foreach (var property in scanner.Properties())
        {
            scanner.SkipSpace();
            var place = scanner.Position;
            switch (property)
            {
                case "format":
                    format = scanner.Integer();
                    if (format != Format)
                        throw new JsonFault(
                            $"it is of format {format.ToString(CultureInfo.InvariantCulture)}; this release reads format {Format.ToString(
                                CultureInfo.InvariantCulture)}",
                            place);

                    break;
                case "events":
                    foreach (var position in scanner.Items())
                    {
                        var entry = Entry(scanner, lines.GetLinePosition(position).Line);
                        if (!known.Add(entry.Key))
                            throw new JsonFault(
                                $"version {entry.Version.ToString(CultureInfo.InvariantCulture)} of the event '{entry.Name}' "
                                    + "occurs twice",
                                position);

                        entries.Add(entry);
                    }

                    break;
                default:
                    throw new JsonFault($"'{property}' is not a property of a contract, which has 'format' and 'events'", place);
            }
        }

        if (!scanner.IsAtEnd)
            throw new JsonFault("the contract ends before this", scanner.Position);

        return entries.Count == 0 || format == Format
            ? entries.ToEquatableArray()
            : throw new JsonFault($"it has no 'format', which must be {Format.ToString(CultureInfo.InvariantCulture)}", start);
    }

    private static string Checked(string path, int place) => path.Length > 0 && path[0] != '.' && !path.Contains("..")
        ? path
        : throw new JsonFault($"'{path}' is not the path of a property", place);

    private static ContractEntryModel Entry(JsonScanner scanner, int line)
    {
        scanner.SkipSpace();
        var start = scanner.Position;
        var entry = new ContractEntryModel("", 0, "", default, "", line);
        foreach (var property in scanner.Properties())
        {
            scanner.SkipSpace();
            var place = scanner.Position;
            entry = property switch
            {
                "name" => entry with { Name = scanner.String() },
                "version" => entry with { Version = scanner.Integer() },
                "type" => entry with { TypeName = scanner.String() },
                "properties" => entry with
                {
                    Properties = scanner.Properties()
                        .Select(path => new ContractPropertyModel(Checked(path, place), scanner.String(), ""))
                        .ToArray()
                        .ToEquatableArray(),
                },
                "sample" => entry with { Sample = scanner.Raw() },
                _ => throw new JsonFault(
                    $"'{property}' is not a property of an event, which has 'name', 'version', 'type', 'properties' and 'sample'", place),
            };
        }

        return entry switch
        {
            { Name.Length: 0 } => throw new JsonFault("an event has no 'name'", start),
            { Version: < 1 } => throw new JsonFault($"the event '{entry.Name}' has no 'version' of 1 or more", start),
            _ => entry,
        };
    }
}
