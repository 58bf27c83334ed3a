using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Documents;

/// <summary>Sends the document changes of a unit of work: a statement for each kind of change of each table.</summary>
internal static class DocumentWriter
{
    public static void Add(
        NpgsqlBatch batch, TenantId tenantId, DateTimeOffset timestamp, IReadOnlyCollection<DocumentChange> changes, JsonWriter payloads)
    {
        if (changes.Any(static change => change.Kind is DocumentChangeKind.Update or DocumentChangeKind.Delete))
            batch.Add($"select {Planning.ByKeys}");

        foreach (var ofTable in changes.GroupBy(static change => change.Table).OrderBy(
            static group => group.Key.Name.Name, StringComparer.Ordinal))
        {
            var owner = ofTable.Key.Derived is { IsOfStore: true } ? TenantId.Default : tenantId;
            var kinds = ofTable.GroupBy(static change => change.Kind).OrderBy(static group => group.Key).ToList();
            if (ofTable.Any(static change => change.Expected is not null))
                ofTable.Key.AddCheck(batch, owner, [.. ofTable]);
            else if (kinds.Count > 1)
                ofTable.Key.AddLock(batch, owner, [.. ofTable.Select(static change => change.Id)]);

            foreach (var ofKind in kinds)
                Add(batch, owner, timestamp, ofTable.Key, ofKind.Key, [.. ofKind], payloads);
        }
    }

    private static void Add(
        NpgsqlBatch batch,
        TenantId tenantId,
        DateTimeOffset timestamp,
        DocumentTable table,
        DocumentChangeKind kind,
        DocumentChange[] changes,
        JsonWriter payloads)
    {
        var command = table.AddWrite(batch, kind, tenantId, Array.ConvertAll(changes, static change => change.Id));
        if (kind == DocumentChangeKind.Delete)
            return;

        command.With(Array.ConvertAll(changes, static change => change.Json), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        if (table.Derived is null)
            command.With(timestamp, NpgsqlDbType.TimestampTz);
        else
            AddLives(command, changes);

        if (kind == DocumentChangeKind.UpdateView)
            command.With(Array.ConvertAll(changes, static change => change.VersionBefore), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

        if (kind is DocumentChangeKind.StoreSnapshot or DocumentChangeKind.AdvanceSnapshot)
            AddSources(command, kind, changes, payloads);
    }

    private static void AddLives(NpgsqlBatchCommand command, DocumentChange[] changes)
    {
        const NpgsqlDbType Times = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        command
            .With(Array.ConvertAll(changes, static change => change.Life.Created), Times)
            .With(Array.ConvertAll(changes, static change => change.Life.Modified), Times)
            .With(
                Array.ConvertAll(changes, static change => change.Life.IsDeleted ? change.Life.Modified : default(DateTimeOffset?)),
                Times)
            .With(Array.ConvertAll(changes, static change => change.Version), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
    }

    private static void AddSources(NpgsqlBatchCommand command, DocumentChangeKind kind, DocumentChange[] changes, JsonWriter payloads)
    {
        command.With(
            Array.ConvertAll(changes, change => Encode(change.Source!.Subjects, payloads)), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        if (kind == DocumentChangeKind.StoreSnapshot)
        {
            command
                .With(Array.ConvertAll(changes, static change => change.Source!.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
                .With(Array.ConvertAll(changes, static change => change.Source!.Rewrites), NpgsqlDbType.Array | NpgsqlDbType.Integer);
        }
        else
        {
            command
                .With(Array.ConvertAll(changes, static change => change.Source!.Read.Key), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
                .With(Array.ConvertAll(changes, static change => change.Source!.Read.Rewritten), NpgsqlDbType.Array | NpgsqlDbType.Integer);
        }
    }

    private static ReadOnlyMemory<byte> Encode(IReadOnlyCollection<SubjectId> subjects, JsonWriter payloads)
    {
        var writer = payloads.Begin();
        if (subjects.Count == 0)
        {
            writer.WriteNull();
            return payloads.Piece;
        }

        writer.WriteStartArray();
        foreach (var subject in subjects)
            writer.WriteText(subject.Value);

        writer.WriteEndArray();
        return payloads.Piece;
    }

    /// <summary>The JSON of a document.</summary>
    /// <exception cref="DocumentSerializationException">The document has no JSON that the database can keep.</exception>
    public static ReadOnlyMemory<byte> Encode(DocumentType type, DocumentId id, object document)
    {
        using var payload = new JsonWriter();
        return Encode(type, id, document, payload).ToArray();
    }

    /// <summary>The JSON of a document, valid as long as the payloads are.</summary>
    /// <exception cref="DocumentSerializationException">The document has no JSON that the database can keep.</exception>
    public static ReadOnlyMemory<byte> Encode(DocumentType type, DocumentId id, object document, JsonWriter payloads)
    {
        try
        {
            type.Write(payloads.Begin(), document);
            return payloads.Piece;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new DocumentSerializationException(type.ClrType, id, JsonPath.WhereItEnds(payloads.Piece.Span), failure.Message, failure);
        }
    }
}
