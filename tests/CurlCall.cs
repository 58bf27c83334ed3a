using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FluentEventStore;

/// <summary>A call of curl on a page, and the answer below it.</summary>
internal sealed partial record CurlCall(
    string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string? Body, string Answer)
{
    /// <summary>Stands for a value that is another one each time.</summary>
    private const string Anything = "…";

    /// <summary>The calls of a page in their order, one in a block.</summary>
    /// <param name="page">The text of the page.</param>
    /// <param name="host">What each of them calls, as in <c>localhost:5080</c>.</param>
    public static IReadOnlyList<CurlCall> Of(string page, string host) =>
        [.. Blocks().Matches(page).Select(block => Parse(block.Groups[1].Value, host))];

    /// <summary>Calls another host instead, and compares what it answers with what the page says.</summary>
    public async Task CheckAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), Path);
        foreach (var (name, value) in Headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();

        if (Body is not null)
            request.Content = new StringContent(Body, Encoding.UTF8, "application/json");

        using var answer = await client.SendAsync(request, cancellationToken);
        Check(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Compares what was answered with what the page says.</summary>
    public void Check(HttpStatusCode status, string body)
    {
        if (Answer.Length == 0 || body.Length == 0)
        {
            body.ShouldBe(Answer, ToString());
            ((int)status).ShouldBeInRange(200, 299, ToString());
            return;
        }

        if (Answer[0] is not ('{' or '['))
        {
            body.ShouldBe(Answer, ToString());
            return;
        }

        using var expected = JsonDocument.Parse(Answer);
        using var actual = JsonDocument.Parse(body);
        var difference = Difference(expected.RootElement, actual.RootElement, "$");
        difference.ShouldBeNull($"{this}\nanswered with {(int)status}\n{body}");
        var problem = expected.RootElement.ValueKind == JsonValueKind.Object && expected.RootElement.TryGetProperty("status", out var told)
            ? told.GetInt32()
            : 0;
        ((int)status).ShouldBeInRange(problem == 0 ? 200 : problem, problem == 0 ? 299 : problem, ToString());
    }

    private static CurlCall Parse(string block, string host)
    {
        var lines = block.Trim().Split('\n', 2);
        var words = Words().Matches(lines[0]).Select(static word => word.Value.Trim('\'')).ToList();
        words[0].ShouldBe("curl", lines[0]);
        string? method = null, body = null, path = null;
        List<(string, string)> headers = [];
        for (var at = 1; at < words.Count; at++)
        {
            switch (words[at])
            {
                case "-X":
                    method = words[++at];
                    break;
                case "-H":
                    var header = words[++at].Split(": ", 2);
                    headers.Add((header[0], header[1]));
                    break;
                case "--json":
                    body = words[++at];
                    break;
                default:
                    words[at].ShouldStartWith($"{host}/", Case.Sensitive, lines[0]);
                    path = words[at][host.Length..];
                    break;
            }
        }

        return new CurlCall(
            method ?? (body is null ? "GET" : "POST"),
            path.ShouldNotBeNull(lines[0]),
            headers,
            body,
            lines.Length < 2 ? "" : lines[1].Trim());
    }

    private static string? Difference(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.ValueKind == JsonValueKind.String && expected.GetString() == Anything)
            return null;

        if (expected.ValueKind != actual.ValueKind)
            return $"{path} is {actual}";

        return expected.ValueKind switch
        {
            JsonValueKind.Object => Difference(
                [.. expected.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal)],
                [.. actual.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal)],
                path),
            JsonValueKind.Array => expected.GetArrayLength() != actual.GetArrayLength()
                ? $"{path} has {actual.GetArrayLength()}"
                : expected.EnumerateArray().Zip(actual.EnumerateArray())
                    .Select((pair, index) => Difference(pair.First, pair.Second, $"{path}[{index}]"))
                    .FirstOrDefault(static found => found is not null),
            _ => expected.GetRawText() == actual.GetRawText() ? null : $"{path} is {actual.GetRawText()}",
        };
    }

    private static string? Difference(JsonProperty[] expected, JsonProperty[] actual, string path)
    {
        var (names, others) = (expected.Select(static member => member.Name), actual.Select(static member => member.Name));
        return names.SequenceEqual(others)
            ? expected.Zip(actual).Select(pair => Difference(pair.First.Value, pair.Second.Value, $"{path}.{pair.First.Name}"))
                .FirstOrDefault(static found => found is not null)
            : $"{path} has {string.Join(", ", others)}";
    }

    [GeneratedRegex(@"```console\n\$ (.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"'[^']*'|[^\s']+")]
    private static partial Regex Words();
}
