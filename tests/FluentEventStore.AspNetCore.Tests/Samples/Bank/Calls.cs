using System.Text.RegularExpressions;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>The calls that the sample shows.</summary>
internal static partial class Calls
{
    public static IReadOnlyList<CurlCall> OfPage() => CurlCall.Of(Repository.Read("samples/Bank/README.md"), "localhost:5080");

    /// <summary>The calls of the file for editors, as in <c>GET /accounts/aa…</c>.</summary>
    public static IEnumerable<string> OfEditorFile() =>
        Requests().Matches(Repository.Read("samples/Bank/Bank.http"))
            .Select(static request => $"{request.Groups[1].Value} {request.Groups[2].Value.Split('?')[0]}");

    /// <summary>Whether a call is one of an endpoint with parameters in its path.</summary>
    public static bool IsCallOf(string call, string endpoint) =>
        Regex.IsMatch(call, $"^{Parameters().Replace(endpoint, "[^/]+")}/?$");

    [GeneratedRegex(@"^(GET|POST|PUT|DELETE) \{\{bank\}\}(\S*)", RegexOptions.Multiline)]
    private static partial Regex Requests();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameters();
}
