namespace FluentEventStore.Subscriptions;

/// <summary>What a daemon carries in a database beside subscriptions.</summary>
internal interface IDaemonPart : IAsyncDisposable
{
    /// <summary>Whether it is over.</summary>
    bool IsDisposed { get; }

    /// <summary>Begins.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends after what is at hand.</summary>
    /// <param name="hurried">Ends that too.</param>
    Task StopAsync(CancellationToken hurried);
}
