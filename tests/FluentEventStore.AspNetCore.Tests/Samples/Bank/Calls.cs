using System.Text.RegularExpressions;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>The calls that the sample shows.</summary>
internal static partial class Calls
{
    /// <summary>The calls of the page in their order, with the lines that the bank has printed after some of them.</summary>
    public static IEnumerable<(IReadOnlyList<CurlCall> Calls, string[] Printed)> OfPage()
    {
        var parts = Printed().Split(Repository.Read("samples/Bank/README.md"));
        return parts.Chunk(2).Select(static part => (CurlCall.Of(part[0], "localhost:5080"), Lines(part.ElementAtOrDefault(1) ?? "")));
    }

    /// <summary>The calls of the file for editors, as in <c>GET /accounts/aa…</c>.</summary>
    public static IEnumerable<string> OfEditorFile() =>
        Requests().Matches(Repository.Read("samples/Bank/Bank.http"))
            .Select(static request => $"{request.Groups[1].Value} {request.Groups[2].Value.Split('?')[0]}");

    /// <summary>Whether a call is one of an endpoint with parameters in its path.</summary>
    public static bool IsCallOf(string call, string endpoint) =>
        Regex.IsMatch(call, $"^{Parameters().Replace(endpoint, "[^/]+")}/?$");

    private static string[] Lines(string block) =>
        block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // What a group has caught is among the parts.
    [GeneratedRegex("^```text\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Printed();

    [GeneratedRegex(@"^(GET|POST|PUT|DELETE) \{\{bank\}\}(\S*)", RegexOptions.Multiline)]
    private static partial Regex Requests();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameters();
}
