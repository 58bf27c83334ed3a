using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FluentEventStore.PostgresTests;

/// <summary>Answers requests by HTTP on the loopback address, each in a connection of its own.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);

    protected LoopbackServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(AcceptAsync);
    }

    protected int Port { get; }

    public void Dispose() => _listener.Dispose();

    protected abstract Reply Answer(string path, string body);

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
        var reply = Answer(path, await ReadBodyAsync(reader));
        var headers = string.Concat(reply.Headers.Select(static header => $"{header}\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {reply.Status}\r\n{headers}Connection: close\r\nContent-Length: {reply.Content.Length}\r\n\r\n"));
        await stream.WriteAsync(reply.IsBroken ? reply.Content.AsMemory(0, reply.Content.Length / 2) : reply.Content);
    }

    private static async Task<string> ReadBodyAsync(StreamReader reader)
    {
        const string Length = "Content-Length:";
        var body = Array.Empty<char>();
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith(Length, StringComparison.OrdinalIgnoreCase))
                body = new char[int.Parse(header[Length.Length..], CultureInfo.InvariantCulture)];
        }

        // A reader that is asked for nothing still waits for the client, who waits for the answer.
        if (body.Length > 0)
            await reader.ReadBlockAsync(body);
        return new string(body);
    }

    /// <param name="Status">The number and what it means.</param>
    /// <param name="Content">What is announced.</param>
    protected sealed record Reply(string Status, byte[] Content)
    {
        /// <summary>Lines beside those that each answer has.</summary>
        public IReadOnlyList<string> Headers { get; init; } = [];

        /// <summary>Whether the connection ends in the middle of the content.</summary>
        public bool IsBroken { get; init; }
    }
}
