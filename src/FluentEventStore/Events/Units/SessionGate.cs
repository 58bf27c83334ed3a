namespace FluentEventStore.Events;

/// <summary>Refuses the use of a session that is disposed or being saved: what is added meanwhile would be in no unit of work.</summary>
internal sealed class SessionGate
{
    private int _isSaving;
    private volatile bool _isDisposed;

    /// <summary>Whether the session is neither disposed nor being saved.</summary>
    public bool IsIdle => !_isDisposed && Volatile.Read(ref _isSaving) == 0;

    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">The session is being saved.</exception>
    public void Check()
    {
        CheckDisposed();
        if (Volatile.Read(ref _isSaving) != 0)
            throw BeingSaved();
    }

    /// <inheritdoc cref="Check"/>
    public void BeginSave()
    {
        CheckDisposed();
        if (Interlocked.Exchange(ref _isSaving, 1) != 0)
            throw BeingSaved();
    }

    public void EndSave() => Volatile.Write(ref _isSaving, 0);

    /// <summary>A save that is running goes on.</summary>
    public void Dispose() => _isDisposed = true;

    private static InvalidOperationException BeingSaved() =>
        new("The session is being saved: await the task of SaveChangesAsync before you use the session again.");

    private static ObjectDisposedException Disposed() => new("FluentEventStore.IQuerySession");

    private void CheckDisposed()
    {
        if (_isDisposed)
            throw Disposed();
    }
}
