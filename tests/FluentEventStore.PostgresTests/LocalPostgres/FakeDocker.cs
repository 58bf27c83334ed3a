using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FluentEventStore.PostgresTests;

/// <summary>Says that it is Docker, and notes the container that it is asked for instead of making it.</summary>
internal sealed class FakeDocker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private volatile string? _request;

    public FakeDocker()
    {
        _listener.Start();
        Address = new Uri($"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    /// <summary>The request for a container, as JSON; null if there was none.</summary>
    public string? Request => _request;

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
        var line = await reader.ReadLineAsync() ?? "";
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.Split(':')[1].Trim());
        }

        var body = new char[length];
        if (length > 0)
            await reader.ReadBlockAsync(body);
        var (status, answer) = line.Split(' ')[1] switch
        {
            var path when path.Contains("/containers/create", StringComparison.Ordinal) => Note(new string(body)),
            var path when path.Contains("/images/", StringComparison.Ordinal) => ("200 OK", "{\"Id\":\"sha256:1\"}"),
            var path when path.EndsWith("/_ping", StringComparison.Ordinal) => ("200 OK", "OK"),
            var path when path.EndsWith("/version", StringComparison.Ordinal) =>
                ("200 OK", "{\"ApiVersion\":\"1.47\",\"Version\":\"27.0.0\"}"),
            _ => ("200 OK", "{}"),
        };
        var bytes = Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nApi-Version: 1.47\r\nConnection: close\r\nContent-Length: "
                + $"{answer.Length}\r\n\r\n{answer}");
        await stream.WriteAsync(bytes);
    }

    private (string Status, string Answer) Note(string request)
    {
        if (request.Contains("POSTGRES_", StringComparison.Ordinal))
            _request = request;
        return ("500 Internal Server Error", "{\"message\":\"This is not Docker.\"}");
    }
}
