using System.Runtime.CompilerServices;

namespace FluentEventStore;

/// <summary>Changes to documents, written with the unit of work they are part of.</summary>
/// <remarks>
/// A document without an id gets one at the call if its ids are <see cref="Guid"/>s: a UUID of version 7. The JSON is written when the unit
/// is saved: changes made to a document before <c>SaveChangesAsync</c> is called are saved too, later ones are not. Of several changes of
/// one document in one unit, the last one counts, and the expectation of the first that has one.
/// </remarks>
public interface IDocumentOperations
{
    /// <summary>Writes a document, whether one with its id exists or not.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store, or the document has no id.</exception>
    void Store<T>(T document)
        where T : class;

    /// <summary>Writes documents, whether ones with their ids exist or not. If one is refused, none is written.</summary>
    /// <remarks>In C# 12 and older name the type: <c>Store&lt;Customer&gt;(list)</c>.</remarks>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    [OverloadResolutionPriority(1)]
    void Store<T>(IEnumerable<T> documents)
        where T : class;

    /// <summary>Writes a new document. Saving throws <see cref="DocumentAlreadyExistsException"/> if one with its id exists.</summary>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    void Insert<T>(T document)
        where T : class;

    /// <summary>
    /// Writes new documents, all or none. Saving throws <see cref="DocumentAlreadyExistsException"/> if one of the ids exists already.
    /// </summary>
    /// <inheritdoc cref="Store{T}(IEnumerable{T})" path="/remarks"/>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    [OverloadResolutionPriority(1)]
    void Insert<T>(IEnumerable<T> documents)
        where T : class;

    /// <summary>
    /// Writes an existing document. Saving throws <see cref="DocumentNotFoundException"/> if there is none with its id.
    /// </summary>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    void Update<T>(T document)
        where T : class;

    /// <summary>
    /// Writes existing documents, all or none. Saving throws <see cref="DocumentNotFoundException"/> if one of the ids does not exist.
    /// </summary>
    /// <inheritdoc cref="Store{T}(IEnumerable{T})" path="/remarks"/>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    [OverloadResolutionPriority(1)]
    void Update<T>(IEnumerable<T> documents)
        where T : class;

    /// <summary>
    /// Writes an existing document if it was written as often as expected since it is there. Otherwise saving throws
    /// <see cref="DocumentConflictException"/>.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="expectedVersion">The version before the change: 1 or more.</param>
    /// <remarks>
    /// A unit without events that expects a version is recorded by an id of its own (<see cref="SessionOptions.Idempotent"/>), so that it
    /// is not refused if it is saved again after it was committed.
    /// </remarks>
    /// <inheritdoc cref="Store{T}(T)" path="/exception"/>
    /// <exception cref="ArgumentOutOfRangeException">The version is less than 1.</exception>
    void Update<T>(T document, long expectedVersion)
        where T : class;

    /// <summary>
    /// Writes an existing document if it is in the expected state: not only at its version, but not deleted and stored anew either.
    /// Otherwise saving throws <see cref="DocumentConflictException"/>.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="expected">The state before the change, as <see cref="IQuerySession.LoadVersionedAsync{T}"/> tells it.</param>
    /// <inheritdoc cref="Update{T}(T, long)" path="/remarks"/>
    /// <inheritdoc cref="Update{T}(T, long)" path="/exception"/>
    void Update<T>(T document, StoredVersion expected)
        where T : class;

    /// <summary>Deletes the document with the id; does nothing if there is none.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store, or the id does not have the type of its ids.</exception>
    void Delete<T>(DocumentId id)
        where T : class;

    /// <summary>
    /// Deletes a document if it was written as often as expected since it is there. Otherwise saving throws
    /// <see cref="DocumentConflictException"/>, also if there is none.
    /// </summary>
    /// <param name="id">The id of the document.</param>
    /// <param name="expectedVersion">The version before the change: 1 or more.</param>
    /// <inheritdoc cref="Update{T}(T, long)" path="/remarks"/>
    /// <inheritdoc cref="Delete{T}(DocumentId)" path="/exception"/>
    /// <exception cref="ArgumentOutOfRangeException">The version is less than 1.</exception>
    void Delete<T>(DocumentId id, long expectedVersion)
        where T : class;

    /// <summary>
    /// Deletes a document if it is in the expected state: not only at its version, but not deleted and stored anew either. Otherwise saving
    /// throws <see cref="DocumentConflictException"/>, also if there is none.
    /// </summary>
    /// <param name="id">The id of the document.</param>
    /// <param name="expected">The state before the change, as <see cref="IQuerySession.LoadVersionedAsync{T}"/> tells it.</param>
    /// <inheritdoc cref="Update{T}(T, long)" path="/remarks"/>
    /// <inheritdoc cref="Delete{T}(DocumentId, long)" path="/exception"/>
    void Delete<T>(DocumentId id, StoredVersion expected)
        where T : class;
}
