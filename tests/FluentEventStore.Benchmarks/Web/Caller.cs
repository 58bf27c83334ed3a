using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FluentEventStore.Benchmarks.Web;

/// <summary>
/// A client with a connection that stays open. It sends requests that were made before, and looks at no more of an answer than it must:
/// client and application share the CPUs, and what the client spends would hide the difference between two applications.
/// </summary>
internal sealed class Caller : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _answer = new byte[4_096];

    private Caller(Socket socket) => _socket = socket;

    private static ReadOnlySpan<byte> Success => "HTTP/1.1 204 "u8;

    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    /// <returns>Null if nobody listens at the address.</returns>
    public static async Task<Caller?> TryConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Unlike Socket.ConnectAsync(IPEndPoint) it throws nothing, which would take time from an application that starts.
        using var connecting = new SocketAsyncEventArgs { RemoteEndPoint = address };
        connecting.Completed += (_, _) => connected.SetResult();
        if (socket.ConnectAsync(connecting))
            await connected.Task;

        if (connecting.SocketError == SocketError.Success)
            return new Caller(socket);

        socket.Dispose();
        return null;
    }

    /// <summary>Sends a request, and returns once it is answered with 204.</summary>
    /// <exception cref="InvalidOperationException">The answer is another one.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var length = 0;
        do
        {
            var received = await _socket.ReceiveAsync(_answer.AsMemory(length));
            length += received;
            if (received == 0)
                break;
        }
        while (!_answer.AsSpan(0, length).EndsWith(EndOfHeaders));

        // An answer with 204 has no body: it ends with its headers.
        if (!_answer.AsSpan(0, length).StartsWith(Success))
            throw new InvalidOperationException($"204 expected, this came: {Encoding.UTF8.GetString(_answer, 0, length)}");
    }

    public void Dispose() => _socket.Dispose();
}
