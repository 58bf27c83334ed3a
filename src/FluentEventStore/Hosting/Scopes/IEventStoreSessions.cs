namespace FluentEventStore;

/// <summary>
/// Opens the sessions of a scope, of a request or of a job: for the tenant and the user that the scope works for. Scoped, and like its
/// sessions not for use by several threads at once.
/// </summary>
/// <remarks>
/// A worker makes a scope for each job, sets <see cref="Options"/>, and then resolves sessions. What concerns no scope opens sessions of
/// <see cref="IEventStore"/>.
/// </remarks>
public interface IEventStoreSessions
{
    /// <summary>
    /// How sessions of the scope are opened from now on; those that are open stay as they are. It begins with what every
    /// <see cref="IConfigureSessions"/> of the application sets.
    /// </summary>
    SessionOptions Options { get; }

    /// <summary>Whether <see cref="Session"/> was asked for.</summary>
    bool HasSession { get; }

    /// <summary>
    /// The unit of work of the scope, which <see cref="IDocumentSession"/> among its services is too. Opened when first asked for, and
    /// disposed with the scope.
    /// </summary>
    IDocumentSession Session { get; }

    /// <summary>
    /// What reads in the scope, and is <see cref="IQuerySession"/> among its services. Opened when first asked for, and disposed with the
    /// scope.
    /// </summary>
    IQuerySession QuerySession { get; }

    /// <summary>Opens another unit of work. The caller disposes it.</summary>
    IDocumentSession OpenSession();

    /// <summary>Opens another session that reads. The caller disposes it.</summary>
    IQuerySession OpenQuerySession();
}
