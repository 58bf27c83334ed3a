using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace FluentEventStore.AspNetCore;

/// <summary>What each exception of the library means to a client. The page docs/reference/problems.md describes them.</summary>
internal static class KnownProblems
{
    /// <summary><see langword="null"/> if the failure says nothing to a client.</summary>
    public static Problem? Of(Exception failure) => failure switch
    {
        StreamVersionConflictException conflict => Conflict("stream-version-conflict", "The stream has moved on", conflict) with
        {
            Members = [("stream", conflict.StreamId.Value), ("expected", conflict.Expected.ToString()), ("actual", conflict.Actual)],
        },
        DocumentConflictException conflict => Conflict("document-conflict", "The document has moved on", conflict) with
        {
            Members = [.. Document(conflict.DocumentType, conflict.Id), ("expected", conflict.Expected), ("actual", conflict.Actual)],
        },
        ReservationConflictException conflict => Conflict("reservation-conflict", "The value is taken", conflict) with
        {
            // Whose it is does not concern a client.
            Detail = $"The {conflict.Name} '{conflict.Value}' is taken.",
            Members = [("name", conflict.Name), ("value", conflict.Value), ("stream", conflict.Owner.Value)],
        },
        DuplicateNaturalKeyException duplicate => Conflict("natural-key-taken", "The key is taken", duplicate) with
        {
            Detail = $"The {duplicate.AggregateType} '{duplicate.Key}' exists already.",
            Members = [("aggregate", duplicate.AggregateType), ("key", duplicate.Key), ("stream", duplicate.StreamId.Value)],
        },
        NaturalKeyNotFoundException missing => Missing("natural-key-not-found", "Nothing has this key", missing) with
        {
            Members = [("aggregate", missing.AggregateType), ("key", missing.Key)],
        },
        BoundaryConflictException conflict => Conflict("boundary-conflict", "What the decision rests on has changed", conflict) with
        {
            Members = [("query", conflict.Query), ("position", conflict.Position)],
        },
        StreamAlreadyExistsException exists => Conflict("stream-exists", "The stream exists already", exists) with
        {
            Members = [("stream", exists.StreamId.Value), ("expected", 0L), ("actual", exists.Actual)],
        },
        DocumentAlreadyExistsException exists => Conflict("document-exists", "The document exists already", exists) with
        {
            Members = [.. Document(exists.DocumentType, exists.Id)],
        },
        DuplicateEventException duplicate => Conflict("duplicate-event", "An event is known already", duplicate),
        StreamArchivedException archived => Conflict("stream-archived", "The stream is archived", archived) with
        {
            Members = [("stream", archived.StreamId.Value)],
        },
        LinkRefusedException link => Conflict("link-refused", "The event cannot be linked", link) with
        {
            Members = [("stream", link.StreamId.Value), ("event", link.EventId), ("fault", link.Fault.ToString())],
        },
        PreconditionFailedException precondition => new(
            StatusCodes.Status412PreconditionFailed, "precondition-failed", "A precondition does not hold", precondition.Message)
        {
            Members = [("expected", precondition.Expected), ("actual", precondition.Actual)],
        },
        StreamNotFoundException missing => Missing("stream-not-found", "There is no such stream", missing) with
        {
            Members = [("stream", missing.StreamId.Value)],
        },
        DocumentNotFoundException missing => Missing("document-not-found", "There is no such document", missing) with
        {
            Members = [.. Document(missing.DocumentType, missing.Id)],
        },
        StreamDeletedException deleted => deleted.IsTombstoned
            ? new(StatusCodes.Status410Gone, "stream-tombstoned", "The stream is gone for ever", deleted.Message)
            {
                Members = [("stream", deleted.StreamId.Value)],
            }
            : Missing("stream-deleted", "The stream is deleted", deleted) with { Members = [("stream", deleted.StreamId.Value)] },
        SubjectForgottenException forgotten => new(
            StatusCodes.Status410Gone, "subject-forgotten", "The subject was forgotten", forgotten.Message)
        {
            Members = [("subject", forgotten.Subject.Value)],
        },
        UnknownTenantException tenant => Missing("unknown-tenant", "There is no such tenant", tenant) with
        {
            Members = [("tenant", tenant.TenantId.Value)],
        },
        TenantDisabledException tenant => new(
            StatusCodes.Status403Forbidden, "tenant-disabled", "The tenant is disabled", tenant.Message)
        {
            Members = [("tenant", tenant.TenantId.Value)],
        },
        TenantMissingException tenant => new(
            StatusCodes.Status400BadRequest, "tenant-missing", "The request is for no tenant", tenant.Message),
        BadHttpRequestException bad => new(bad.StatusCode, "bad-request", "The request cannot be read", bad.Message),
        _ => Unstorable(failure) ?? Passing(failure),
    };

    // The reason is a message of a codec or a converter, which may quote what came in: the place must do.
    private static Problem? Unstorable(Exception failure) => failure switch
    {
        EventSerializationException { Position: 0 } unwritten => Unstorable(
            "event-unstorable", $"The event {unwritten.TypeName} cannot be stored: what is wrong stands at {unwritten.Path}.") with
        {
            Members = [("event", unwritten.TypeName), ("path", unwritten.Path)],
        },
        DocumentSerializationException { IsStored: false } unwritten => Unstorable(
            "document-unstorable",
            $"The {unwritten.DocumentType.Name} '{unwritten.Id}' cannot be stored: what is wrong stands at {unwritten.Path}.") with
        {
            Members = [.. Document(unwritten.DocumentType, unwritten.Id), ("path", unwritten.Path)],
        },
        EventTooLargeException large => Unstorable("event-too-large", large.Message) with
        {
            Members = [("event", large.TypeName), ("size", large.Size), ("limit", large.Limit)],
        },
        UserNameException user => Unstorable("user-unstorable", user.Message),
        AggregateIdException id => Unstorable("aggregate-id", id.Message) with { Members = [("stream", id.StreamId.Value)] },
        StreamTruncationException truncation => Unstorable("stream-truncation", truncation.Message) with
        {
            Members = [("stream", truncation.StreamId.Value), ("before", truncation.BeforeVersion), ("actual", truncation.Actual)],
        },
        _ => null,
    };

    private static Problem? Passing(Exception failure) => failure switch
    {
        CommitOutcomeUnknownException => Passing(
            "outcome-unknown",
            "It is not known whether the request was carried out",
            "The connection to the database broke while the request was being carried out. It may have been, or may not.") with
        {
            Members = [("outcome", "unknown")],
        },
        SnapshotConflictException or StreamLockedException or LogLockedException => Passing(
            "busy", "Others are in the way", "Others kept what the request changes locked for too long. Nothing was carried out."),
        PostgresException refusal when IsPassing(refusal.SqlState) => Unreachable(),
        PostgresException => null,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => Unreachable(),
        _ => null,
    };

    // The server goes down, comes up, has no room, was asked to end the connection or ended the statement.
    private static bool IsPassing(string sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.ReadOnlySqlTransaction
        || sqlState.StartsWith("08", StringComparison.Ordinal);

    private static Problem Conflict(string name, string title, Exception failure) =>
        new(StatusCodes.Status409Conflict, name, title, failure.Message);

    private static Problem Missing(string name, string title, Exception failure) =>
        new(StatusCodes.Status404NotFound, name, title, failure.Message);

    private static Problem Unstorable(string name, string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, name, "What came in cannot be stored", detail);

    // What the driver says of the server is not for clients.
    private static Problem Unreachable() => Passing(
        "database-unreachable", "The database cannot be reached", "The database cannot be reached now. Nothing was carried out.");

    private static Problem Passing(string name, string title, string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, name, title, detail) { IsPassing = true };

    private static (string Name, object? Value)[] Document(Type type, DocumentId id) =>
        [("document", type.Name), ("id", id.ToString())];
}
