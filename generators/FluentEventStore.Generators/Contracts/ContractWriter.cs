using System.Globalization;
using System.Text;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Writes contract files: sorted, one property a line, with line feeds on every machine.</summary>
internal static class ContractWriter
{
    public static string Write(IEnumerable<ContractEntryModel> entries)
    {
        var written = entries
            .OrderBy(static entry => entry.Name, StringComparer.Ordinal).ThenBy(static entry => entry.Version)
            .Select(static entry => $"\n    {Entry(entry)}");
        var events = string.Join(",", written);
        var format = ContractReader.Format.ToString(CultureInfo.InvariantCulture);
        return $"{{\n  \"format\": {format},\n  \"events\": [{events}{(events.Length > 0 ? "\n  " : "")}]\n}}\n";
    }

    /// <summary>One entry, indented as in a file.</summary>
    public static string Entry(ContractEntryModel entry)
    {
        var text = new StringBuilder("{\n");
        text.Append("      \"name\": ").Append(JsonText.Quote(entry.Name)).Append(",\n");
        text.Append("      \"version\": ").Append(entry.Version.ToString(CultureInfo.InvariantCulture));
        if (entry.TypeName.Length > 0)
            text.Append(",\n      \"type\": ").Append(JsonText.Quote(entry.TypeName));

        text.Append(",\n      \"properties\": {");
        var separator = "\n";
        foreach (var property in entry.Properties)
        {
            text.Append(separator)
                .Append("        ")
                .Append(JsonText.Quote(property.Path))
                .Append(": ")
                .Append(JsonText.Quote(property.Description));
            separator = ",\n";
        }

        text.Append(entry.Properties.Count > 0 ? "\n      }" : "}");
        if (entry.Sample.Length > 0)
            text.Append(",\n      \"sample\": ").Append(entry.Sample);

        return text.Append("\n    }").ToString();
    }
}
