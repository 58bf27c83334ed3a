using System.Net;
using System.Net.Sockets;

namespace FluentEventStore.Servers;

/// <summary>A port of the loopback address that nobody listens on, until somebody does.</summary>
internal static class FreePort
{
    public static int Choose()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
