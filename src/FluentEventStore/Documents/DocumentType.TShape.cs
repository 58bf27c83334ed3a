using System.Globalization;
using System.Text.Json;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Documents;

internal sealed class DocumentType<T, TId, TShape>(string name) : DocumentType(name, typeof(T), typeof(TId))
    where T : class
    where TId : notnull
    where TShape : struct, IDocumentShape<T, TId>
{
    private static readonly NpgsqlDbType IdDbType =
        typeof(TId) == typeof(Guid) ? NpgsqlDbType.Uuid
        : typeof(TId) == typeof(string) ? NpgsqlDbType.Text
        : typeof(TId) == typeof(int) ? NpgsqlDbType.Integer
        : typeof(TId) == typeof(long) ? NpgsqlDbType.Bigint
        : throw new NotSupportedException($"The id of {typeof(T)} is a {typeof(TId)}; a document's id is a Guid, string, int or long.");

    public override void Write(JsonWriter writer, object document) => TShape.Write(writer, (T)document);

    public override object Read(ref Utf8JsonReader reader) => TShape.Read(ref reader);

    public override DocumentId? FindId(object document)
    {
        var id = TShape.GetId((T)document);
        return IsUnassigned(id) ? default(DocumentId?) : Wrap(id);
    }

    public override DocumentId Identify(object document, TimeProvider timeProvider)
    {
        var id = TShape.GetId((T)document);
        if (!IsUnassigned(id))
            return Wrap(id);

        if (typeof(TId) != typeof(Guid))
            throw new ArgumentException(
                $"The {typeof(T).Name} has no id. Set one: the store assigns only ids of type Guid.", nameof(document));

        var assigned = NewId.At(timeProvider.GetUtcNow());
        TShape.SetId((T)document, (TId)(object)assigned);
        return assigned;
    }

    public override DocumentId? IdentifyAs(object document, DocumentId id)
    {
        var own = TShape.GetId((T)document);
        if (IsUnassigned(own))
        {
            TShape.SetId((T)document, (TId)id.Value);
            return null;
        }

        return id.Value.Equals(own) ? default(DocumentId?) : Wrap(own);
    }

    public override void IdentifyByStream(object document, StreamId streamId)
    {
        if (IsUnassigned(TShape.GetId((T)document)) && TryConvert(streamId) is { } id)
            TShape.SetId((T)document, (TId)id.Value);
    }

    public override DocumentId? FindOtherId(object document, StreamId streamId)
    {
        var id = TShape.GetId((T)document);
        var differs = !IsUnassigned(id) && TryConvert(streamId) is { } own && !own.Value.Equals(id);
        return differs ? Wrap(id) : default(DocumentId?);
    }

    public override DocumentId Convert(DocumentId id)
    {
        if (id.Value is TId)
            return id;

        if (typeof(TId) == typeof(long) && id.Value is int narrow)
            return (long)narrow;

        throw new ArgumentException(
            $"The ids of {typeof(T).Name} are of type {typeof(TId).Name}; '{id}' is of type {id.Value.GetType().Name}.", nameof(id));
    }

    public override void AddId(NpgsqlBatchCommand command, DocumentId id) => command.With((TId)id.Value, IdDbType);

    public override void AddIds(NpgsqlBatchCommand command, IReadOnlyList<DocumentId> ids)
    {
        var values = new TId[ids.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = (TId)ids[index].Value;

        command.With(values, NpgsqlDbType.Array | IdDbType);
    }

    // Accepts an id only as the store writes it itself, so that two streams never share a document.
    protected override DocumentId? TryConvert(StreamId streamId)
    {
        if (typeof(TId) == typeof(string))
            return streamId.Value;

        if (typeof(TId) == typeof(Guid))
            return streamId.TryGetGuid(out var guid) ? guid : null;

        if (!long.TryParse(streamId.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || number.ToString(CultureInfo.InvariantCulture) != streamId.Value)
        {
            return null;
        }

        if (typeof(TId) == typeof(long))
            return number;

        return number is >= int.MinValue and <= int.MaxValue ? (int)number : null;
    }

    private static bool IsUnassigned(TId? id) =>
        id is null || EqualityComparer<TId>.Default.Equals(id, default) || (typeof(TId) == typeof(string) && id is "");

    private DocumentId Wrap(TId id) => Convert(id switch
    {
        Guid guid => (DocumentId)guid,
        string text => text,
        int number => number,
        long large => large,
        _ => throw new NotSupportedException(),
    });
}
