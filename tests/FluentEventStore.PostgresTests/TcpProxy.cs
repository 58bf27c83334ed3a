using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace FluentEventStore.PostgresTests;

/// <summary>Stands between a store and its server: counts round trips, and breaks connections when it is told to.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private volatile IPEndPoint _server;
    private readonly string _connectionString;
    private readonly Task _accepting;
    private int _roundTrips;
    private volatile Break _break;
    private volatile byte[]? _wanted;
    private volatile TaskCompletionSource _met = NewMet();
    private volatile TaskCompletionSource _sendsOn = NewMet();
    private CancellationTokenSource _broken = new();

    public TcpProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        _server = AddressOf(server);
        _listener.Start();
        server.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        server.SslMode = SslMode.Disable;
        server.GssEncryptionMode = GssEncryptionMode.Disable;
        _connectionString = server.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>When the connection of the next request is broken.</summary>
    public enum Break
    {
        Never,

        /// <summary>Before any of the request reaches the server.</summary>
        BeforeTheServerGetsIt,

        /// <summary>After the server has answered, before any of the answer reaches the client.</summary>
        BeforeTheClientGetsTheAnswer,

        /// <summary>
        /// Not at all: before the first row of the answer stands a message that there is no row, which makes the driver give up.
        /// </summary>
        WithAStrayMessage,

        /// <summary>When half of the request has reached the server.</summary>
        InTheMiddleOfTheRequest,

        /// <summary>
        /// Not at all: the end of the request reaches the server when <see cref="SendOn"/> is called, and until then the server waits for
        /// it. So it is if a process is stopped while it sends.
        /// </summary>
        NeverAndTheEndComesLate,
    }

    public string ConnectionString => _connectionString;

    /// <summary>How often a client has sent something after it was silent, which is how often it waited for the server.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>Ends when a connection meets the break that is set.</summary>
    public Task Met => _met.Task;

    /// <summary>Breaks the connection of the next request, once.</summary>
    public void BreakNext(Break when) => (_wanted, _met, _sendsOn, _break) = (null, NewMet(), NewMet(), when);

    /// <summary>Breaks the connection of the next request that holds a text, once. What is prepared is not sent again.</summary>
    public void BreakNext(Break when, string text) =>
        (_wanted, _met, _sendsOn, _break) = (Encoding.UTF8.GetBytes(text), NewMet(), NewMet(), when);

    /// <summary>Sends the ends of requests that are missing.</summary>
    public void SendOn() => _sendsOn.TrySetResult();

    /// <summary>Leads new connections to another server.</summary>
    public void LeadTo(string connectionString) => _server = AddressOf(new NpgsqlConnectionStringBuilder(connectionString));

    /// <summary>Refuses new connections; those that are open go on.</summary>
    public void StopAccepting() => _listener.Stop();

    /// <summary>Breaks all connections at once, whatever they are doing.</summary>
    public void BreakNow()
    {
        using var broken = Interlocked.Exchange(ref _broken, new CancellationTokenSource());
        broken.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _broken.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var _ = client;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var clientIsSilent = new StrongBox<bool>(true);
        var isWanted = new StrongBox<bool>(false);
        var broken = _broken.Token;
        try
        {
            await server.ConnectAsync(_server, _stop.Token);
            await Task.WhenAny(
                PumpRequestsAsync(client, server, clientIsSilent, isWanted),
                PumpAnswersAsync(server, client, clientIsSilent, isWanted),
                Task.Delay(Timeout.Infinite, broken));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PumpRequestsAsync(Socket client, Socket server, StrongBox<bool> clientIsSilent, StrongBox<bool> isWanted)
    {
        var buffer = new byte[65536];
        while (await client.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (clientIsSilent.Value)
            {
                clientIsSilent.Value = false;
                Interlocked.Increment(ref _roundTrips);
            }

            isWanted.Value = _wanted is not { } wanted || buffer.AsSpan(0, count).IndexOf(wanted) >= 0;
            if (isWanted.Value && Portion(count) is { } portion)
            {
                var isHeld = _break == Break.NeverAndTheEndComesLate;
                await SendAsync(server, buffer.AsMemory(0, portion));
                Meet();
                if (!isHeld)
                    return;

                await _sendsOn.Task.WaitAsync(_stop.Token);
                await SendAsync(server, buffer.AsMemory(portion, count - portion));
                continue;
            }

            await SendAsync(server, buffer.AsMemory(0, count));
        }
    }

    private async Task PumpAnswersAsync(Socket server, Socket client, StrongBox<bool> clientIsSilent, StrongBox<bool> isWanted)
    {
        var buffer = new byte[65536];
        while (await server.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            // A server that asks for the password ('R') waits for an answer itself.
            if (_break == Break.BeforeTheClientGetsTheAnswer && isWanted.Value && buffer[0] != 'R')
            {
                // Until the server is ready for the next request ('Z', length 5, status), it has not ended the transaction.
                while (buffer.AsSpan(0, count).LastIndexOf("Z\0\0\0\u0005"u8) != count - 6)
                    count = await server.ReceiveAsync(buffer, _stop.Token);

                Meet();
                return;
            }

            clientIsSilent.Value = true;
            if (_break == Break.WithAStrayMessage && FirstRow(buffer.AsSpan(0, count)) is { } row)
            {
                Meet();
                await SendAsync(client, buffer.AsMemory(0, row));
                await SendAsync(client, "n\0\0\0\u0004"u8.ToArray());
                await SendAsync(client, buffer.AsMemory(row, count - row));
                continue;
            }

            await SendAsync(client, buffer.AsMemory(0, count));
        }
    }

    /// <summary>How much of a request is sent before the break; null if it is not broken.</summary>
    private int? Portion(int count) => _break switch
    {
        Break.BeforeTheServerGetsIt => 0,
        Break.InTheMiddleOfTheRequest => count / 2,

        // Its last message ('S', length 4) ends what the server does at once, and commits it.
        Break.NeverAndTheEndComesLate => count - 5,
        _ => null,
    };

    private static IPEndPoint AddressOf(NpgsqlConnectionStringBuilder server) => new(IPAddress.Parse(server.Host!), server.Port);

    private static TaskCompletionSource NewMet() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Meet()
    {
        _break = Break.Never;
        _met.TrySetResult();
    }

    /// <summary>Where the first row begins: a message is its kind, then its length without the kind.</summary>
    private static int? FirstRow(ReadOnlySpan<byte> answer)
    {
        for (var at = 0; at + 5 <= answer.Length; at += 1 + BinaryPrimitives.ReadInt32BigEndian(answer[(at + 1)..]))
        {
            if (answer[at] == 'D')
                return at;
        }

        return null;
    }

    private async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, _stop.Token)..];
    }

    private sealed class StrongBox<T>(T value)
    {
        public T Value { get; set; } = value;
    }
}
