using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FluentEventStore.PostgresTests;

/// <summary>Serves files by HTTP on the loopback address.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public FileServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    /// <summary>The paths that were asked for.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Whether connections break in the middle of a file.</summary>
    public bool IsBroken { get; set; }

    public void Add(string path, byte[] content) => _files[$"/{path}"] = content;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => AnswerAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var path = (await reader.ReadLineAsync() ?? " / ").Split(' ')[1];
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // Headers.
        }

        _requests.Enqueue(path);
        var content = _files.GetValueOrDefault(path);
        var status = content is null ? "404 Not Found" : "200 OK";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {content?.Length ?? 0}\r\n\r\n"));
        if (content is not null)
            await stream.WriteAsync(IsBroken ? content.AsMemory(0, content.Length / 2) : content);
    }
}
