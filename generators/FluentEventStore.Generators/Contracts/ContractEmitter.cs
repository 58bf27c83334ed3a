using System.Globalization;
using System.Text;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Writes the files that carry a contract to the test helper, to the analyzer and to the build.</summary>
internal static class ContractEmitter
{
    /// <summary>The file that holds what <see cref="ContractAnalyzer"/> reports.</summary>
    public const string DriftFile = "EventContractsDrift";

    /// <summary>The file that the build takes the updated contract from.</summary>
    private const string UpdateFile = "EventContractsUpdate";

    private const string Special = @"%*?@$();'\";

    /// <summary>Writes the samples, for <c>EventContracts.Verify</c>.</summary>
    public static void EmitSamples(SourceProductionContext output, IEnumerable<ContractEntryModel> entries)
    {
        var writer = GeneratedFile.Begin();
        foreach (var entry in entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal).ThenBy(static entry => entry.Version))
        {
            // JSON never holds three quotes in a row.
            writer.Line($""""
                [assembly: global::FluentEventStore.Serialization.GeneratedSample({Literals.Text(entry.Name)}, {entry.Version.ToString(
                    CultureInfo.InvariantCulture)}, """
                {entry.Sample}
                """)]
                """");
        }

        writer.AddTo(output, "EventContracts");
    }

    /// <summary>Writes the findings, if any, for the analyzer. It reports them at types, which a generator does not keep.</summary>
    public static void EmitFindings(SourceProductionContext output, IEnumerable<ContractFindingModel> findings)
    {
        var writer = GeneratedFile.Begin();
        writer.Line("// What the analyzer reports: rule, type, property, entry of the contract, and what the message says.");
        foreach (var finding in findings)
            writer.Line($"// {finding.Write()}");

        writer.AddTo(output, DriftFile);
    }

    /// <summary>
    /// Writes the contract as it should be, for the build to copy over the file. It is escaped for MSBuild, which would change backslashes
    /// otherwise.
    /// </summary>
    public static void EmitUpdate(SourceProductionContext output, IEnumerable<ContractEntryModel> entries)
    {
        var escaped = new StringBuilder();
        foreach (var character in ContractWriter.Write(entries).TrimEnd())
        {
            _ = Special.IndexOf(character) < 0
                ? escaped.Append(character)
                : escaped.Append('%').Append(((int)character).ToString("X2", CultureInfo.InvariantCulture));
        }

        var writer = GeneratedFile.Begin();
        writer.Line($"#if false\n{escaped}\n#endif");
        writer.AddTo(output, UpdateFile);
    }
}
