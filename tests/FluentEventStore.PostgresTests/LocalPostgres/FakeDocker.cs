using System.Text;

namespace FluentEventStore.PostgresTests;

/// <summary>Says that it is Docker, and notes the container that it is asked for instead of making it.</summary>
internal sealed class FakeDocker : LoopbackServer
{
    private volatile string? _request;

    public Uri Address => new($"tcp://127.0.0.1:{Port}");

    /// <summary>The request for a container, as JSON; null if there was none.</summary>
    public string? Request => _request;

    protected override Reply Answer(string path, string body) => path switch
    {
        _ when path.Contains("/containers/create", StringComparison.Ordinal) => Note(body),
        _ when path.Contains("/images/", StringComparison.Ordinal) => Json("200 OK", "{\"Id\":\"sha256:1\"}"),
        _ when path.EndsWith("/_ping", StringComparison.Ordinal) => Json("200 OK", "OK"),
        _ when path.EndsWith("/version", StringComparison.Ordinal) => Json("200 OK", "{\"ApiVersion\":\"1.47\",\"Version\":\"27.0.0\"}"),
        _ => Json("200 OK", "{}"),
    };

    private Reply Note(string request)
    {
        if (request.Contains("POSTGRES_", StringComparison.Ordinal))
            _request = request;
        return Json("500 Internal Server Error", "{\"message\":\"This is not Docker.\"}");
    }

    private static Reply Json(string status, string content) =>
        new(status, Encoding.UTF8.GetBytes(content)) { Headers = ["Content-Type: application/json", "Api-Version: 1.47"] };
}
