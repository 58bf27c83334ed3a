using System.Collections.Concurrent;

namespace FluentEventStore.PostgresTests;

/// <summary>Serves files by HTTP on the loopback address.</summary>
internal sealed class FileServer : LoopbackServer
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>The paths that were asked for.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Whether connections break in the middle of a file.</summary>
    public bool IsBroken { get; set; }

    public void Add(string path, byte[] content) => _files[$"/{path}"] = content;

    protected override Reply Answer(string path, string body)
    {
        _requests.Enqueue(path);
        return _files.TryGetValue(path, out var content)
            ? new Reply("200 OK", content) { IsBroken = IsBroken }
            : new Reply("404 Not Found", []);
    }
}
