namespace FluentEventStore.Servers;

/// <summary>A server that accepts connections; disposing stops it if it was started here.</summary>
internal interface IServer : IAsyncDisposable
{
    string ConnectionString { get; }
}
