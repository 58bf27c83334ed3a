using System.Net.Sockets;
using System.Text;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>Requests as they stand on the wire: a client of .NET sends no header without a value.</summary>
internal static class RawRequests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <returns>The status of the answer.</returns>
    public static async Task<int> SendRawAsync(
        this WebHost host, string method, string path, string header, string? json = null, string contentType = "application/json")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        var stream = client.GetStream();
        var body = json is null
            ? "\r\n"
            : $"Content-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}";
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n{header}\r\n{body}"), Cancellation);
        using var answer = new StreamReader(stream);
        return int.Parse((await answer.ReadLineAsync(Cancellation))!.Split(' ')[1]);
    }
}
