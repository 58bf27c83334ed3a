namespace FluentEventStore;

/// <summary>A unit of work: collects events and documents and writes them together. Not for use by several threads at once.</summary>
public interface IDocumentSession : IQuerySession, IDocumentOperations
{
    /// <summary>Reads events, and appends them when the session is saved.</summary>
    new IEventOperations Events { get; }

    /// <summary>Publishes and schedules messages to the world outside, which go out once the session is saved.</summary>
    IMessageOperations Messages { get; }

    /// <summary>What the unit of work belongs to, for instance a request; written with each of its events.</summary>
    /// <value>At most 8,000 characters. Default: <see langword="null"/>.</value>
    /// <exception cref="ArgumentException">The text is longer, or holds NUL or a lone surrogate.</exception>
    string? CorrelationId { get; set; }

    /// <summary>What caused the unit of work, for instance a command; written with each of its events.</summary>
    /// <inheritdoc cref="CorrelationId" path="/value"/>
    /// <inheritdoc cref="CorrelationId" path="/exception"/>
    string? CausationId { get; set; }

    /// <summary>On whose behalf the unit of work is written; written with each of its events.</summary>
    /// <inheritdoc cref="CorrelationId" path="/value"/>
    /// <inheritdoc cref="CorrelationId" path="/exception"/>
    string? UserName { get; set; }

    /// <summary>Sets a header that is written with each event of the unit of work. A header of the event itself wins.</summary>
    /// <param name="key">1 to 250 characters. A session has at most 100 headers.</param>
    /// <param name="value">At most 8,000 characters.</param>
    /// <exception cref="ArgumentException">
    /// The key is empty, a text holds NUL or a lone surrogate or is too long, or there are too many headers.
    /// </exception>
    void SetHeader(string key, string value);

    /// <summary>
    /// Reserves a value for a stream, such as an e-mail address for that of a customer: within the tenant no other stream can hold it.
    /// Saving throws <see cref="ReservationConflictException"/> if another one does. What the stream holds already stays; reserving it
    /// again does nothing.
    /// </summary>
    /// <param name="name">What the value is unique for, such as <c>email</c>: 1 to 250 characters.</param>
    /// <param name="value">
    /// 1 to 1,000 characters, compared one by one: to ignore case, reserve <c>address.ToLowerInvariant()</c>.
    /// </param>
    /// <param name="owner">The stream that holds it until it is released. It need not have events.</param>
    /// <remarks>
    /// Of several calls for one value, the last one counts. What holds is what is so after the unit: a value passes to another stream if it
    /// is released by the one and reserved for the other in one unit. A stream that is deleted, tombstoned or hard deleted loses what it
    /// holds; one that is undeleted gets it back, or saving throws this exception. A stream that is archived keeps it. Saving throws
    /// <see cref="StreamDeletedException"/> if the owner is deleted. The value is stored in plain text.
    /// </remarks>
    /// <exception cref="ArgumentException">A text is empty, too long or cannot be stored, or there is no owner.</exception>
    void Reserve(string name, string value, StreamId owner);

    /// <summary>Releases a value that a stream holds. Does nothing if the stream does not hold it, even if another one does.</summary>
    /// <param name="name">What the value is unique for.</param>
    /// <param name="value">The value.</param>
    /// <param name="owner">The stream that holds it.</param>
    /// <inheritdoc cref="Reserve" path="/exception"/>
    void Release(string name, string value, StreamId owner);

    /// <summary>
    /// Writes everything that the session collected, all or nothing. That takes one round trip, or two if it writes inline snapshots that
    /// the session has not fetched. The session is written as it is at the call, and takes no other call until the task has ended. After
    /// success the session is empty and can be used again. After a failure it holds what it held, so that it can be saved again.
    /// </summary>
    /// <returns>
    /// What was written. Events that an earlier session wrote as the same unit are not written again: the first commit is returned.
    /// </returns>
    /// <exception cref="StreamVersionConflictException">A stream was not at the expected version.</exception>
    /// <exception cref="StreamAlreadyExistsException">A stream to be started exists.</exception>
    /// <exception cref="DuplicateEventException">Some of the event ids exist, but not as the same unit.</exception>
    /// <exception cref="DocumentAlreadyExistsException">A document to be inserted exists.</exception>
    /// <exception cref="DocumentNotFoundException">A document to be updated does not exist.</exception>
    /// <exception cref="DocumentConflictException">A document to be changed was not in the expected state.</exception>
    /// <exception cref="ReservationConflictException">Another stream holds a value that was to be reserved.</exception>
    /// <exception cref="DuplicateNaturalKeyException">Another stream has the natural key that an event was to set.</exception>
    /// <exception cref="SnapshotConflictException">
    /// Inline snapshots could not be written for as long as a statement may run: others write to their streams, or hold them locked.
    /// </exception>
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep; nothing was sent.</exception>
    /// <exception cref="DocumentSerializationException">A document has no JSON that the database can keep; nothing was sent.</exception>
    /// <exception cref="SchemaMismatchException">The schema of the store does not exist or is not up to date.</exception>
    /// <exception cref="InvalidOperationException">
    /// The session is being saved: await the task of the first call. Meanwhile every other call on the session throws this too.
    /// </exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// The connection broke after the unit was sent. Saving again writes nothing twice.
    /// </exception>
    Task<Commit> SaveChangesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="SaveChangesAsync"/>, but if the outcome is unknown, saves the same unit again until it is known. Nothing is written
    /// twice; for a unit that has nothing but documents, that takes a session with <see cref="SessionOptions.Idempotent"/>.
    /// </summary>
    /// <param name="limit">
    /// How long, from the first outcome that is unknown. Zero: not at all. <see cref="Timeout.InfiniteTimeSpan"/>: until it is known.
    /// </param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// The outcome was still unknown when the time was over, or something else failed after it was. A conflict with what others wrote is
    /// thrown as it is, unless the unit has nothing but documents and the session is not idempotent.
    /// </exception>
    Task<Commit> SaveChangesUntilKnownAsync(TimeSpan limit, CancellationToken cancellationToken = default);

    /// <summary>Whether there is anything to save.</summary>
    bool HasPendingChanges { get; }

    /// <summary>Forgets everything that was collected and not saved.</summary>
    void EjectAllPendingChanges();
}
