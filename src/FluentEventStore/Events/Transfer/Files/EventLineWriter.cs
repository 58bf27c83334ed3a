using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Writes the lines of an exported file.</summary>
internal sealed class EventLineWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly ArrayBufferWriter<byte> _subjects = new();
    private readonly Utf8JsonWriter _writer;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public EventLineWriter() => _writer = new Utf8JsonWriter(
        _buffer,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>How many events were written.</summary>
    public long Events { get; private set; }

    public void WriteFirst(string schema, DateTimeOffset now, long after, long to)
    {
        Begin();
        _writer.WriteString(EventLine.Format, EventLine.FormatName);
        _writer.WriteNumber(EventLine.Version, EventLine.FormatVersion);
        _writer.WriteString("schema", schema);
        _writer.WriteString("exportedAt", now.UtcDateTime);
        _writer.WriteNumber("after", after);
        _writer.WriteNumber("to", to);
        End();
    }

    /// <summary>Writes the current row, which has the columns of <see cref="ExportColumns"/>; the data stays as it is stored.</summary>
    /// <param name="row">The row.</param>
    /// <param name="bytes">Reads its columns.</param>
    /// <param name="encrypted">Takes the data of the event if it holds encrypted values.</param>
    /// <returns>The position and the version of the event.</returns>
    public (long Position, long Version) WriteEvent(NpgsqlDataReader row, ColumnReader bytes, List<SealedData> encrypted)
    {
        Begin();
        _writer.WriteString(EventLine.Tenant, row.GetString(EventColumns.Tenant));
        _writer.WriteString(EventLine.Stream, row.GetString(EventColumns.StreamId));
        WriteText(EventLine.Aggregate, row, ExportColumns.AggregateType);
        var position = row.GetInt64(EventColumns.Position);
        var version = row.GetInt64(EventColumns.Version);
        var isLast = row.GetInt64(ExportColumns.StreamVersion) == version;
        WriteState(row.GetInt64(ExportColumns.TruncatedBefore), isLast, row.GetInt16(ExportColumns.State));
        _writer.WriteNumber(EventLine.Version, version);
        _writer.WriteNumber(EventLine.Position, position);
        _writer.WriteString(EventLine.Id, row.GetGuid(EventColumns.Id));
        _writer.WriteString(EventLine.Type, row.GetString(EventColumns.Type));
        _writer.WriteNumber(EventLine.TypeVersion, row.GetInt32(EventColumns.TypeVersion));
        WriteTimestamp(row.GetInstant(EventColumns.RecordedAt));
        WriteText(EventLine.CorrelationId, row, EventColumns.CorrelationId);
        WriteText(EventLine.CausationId, row, EventColumns.CausationId);
        WriteText(EventLine.UserName, row, EventColumns.UserName);
        if (!row.IsDBNull(EventColumns.Headers))
            WriteJson(EventLine.Headers, bytes.ReadJson(EventColumns.Headers));

        if (!row.IsDBNull(ExportColumns.Tags))
            WriteTags(row.GetFieldValue<string[]>(ExportColumns.Tags));

        var data = bytes.ReadJson(ExportColumns.Data);
        if (SealedMark.MayBeIn(data))
        {
            var tenantId = new TenantId(row.GetString(EventColumns.Tenant));
            encrypted.Add(new SealedData(tenantId, row.GetGuid(EventColumns.Id), data.ToArray()));
        }

        WriteJson(EventLine.Data, data);
        End();
        Events++;
        return (position, version);
    }

    /// <summary>Writes a link: the id of its event, and nothing else of that event.</summary>
    /// <returns>Its position and its version.</returns>
    public (long Position, long Version) WriteLink(ExportedLink link)
    {
        Begin();
        _writer.WriteString(EventLine.Tenant, link.TenantId);
        _writer.WriteString(EventLine.Stream, link.StreamId);
        if (link.AggregateType is { } aggregate)
            _writer.WriteString(EventLine.Aggregate, aggregate);

        WriteState(link.TruncatedBefore, isLast: link.StreamVersion == link.Version, link.State);
        _writer.WriteNumber(EventLine.Version, link.Version);
        _writer.WriteNumber(EventLine.Position, link.Position);
        _writer.WriteString(EventLine.Link, link.EventId);
        WriteTimestamp(link.RecordedAt);
        End();
        return (link.Position, link.Version);
    }

    /// <summary>
    /// Writes what is known of a subject. It is sent before the events that were written since the last flush, which it concerns.
    /// </summary>
    public void WriteSubject(ImportedSubject subject)
    {
        using (var writer = new Utf8JsonWriter(_subjects, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString(EventLine.Subject, subject.Subject.Value);
            writer.WriteString(EventLine.Tenant, subject.TenantId.Value);
            if (subject.Key.IsForgotten)
                writer.WriteBoolean(EventLine.Forgotten, true);
            else
                writer.WriteBase64String(EventLine.Key, subject.Key.Bytes);

            writer.WriteEndObject();
        }

        _subjects.Write("\n"u8);
    }

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync(Stream output, CancellationToken cancellationToken)
    {
        await FlushAsync(_subjects, output, cancellationToken).ConfigureAwait(false);
        await FlushAsync(_buffer, output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes and sends the last line.</summary>
    /// <returns>The hash that it names.</returns>
    public async Task<string> FinishAsync(Stream output, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash());
        Begin();
        _writer.WriteNumber(EventLine.Events, Events);
        _writer.WriteString(EventLine.Sha256, sha256);
        End();
        await FlushAsync(output, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return sha256;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _hash.Dispose();
    }

    private async Task FlushAsync(ArrayBufferWriter<byte> written, Stream output, CancellationToken cancellationToken)
    {
        _hash.AppendData(written.WrittenSpan);
        await output.WriteAsync(written.WrittenMemory, cancellationToken).ConfigureAwait(false);
        written.ResetWrittenCount();
    }

    private void Begin()
    {
        _writer.Reset();
        _writer.WriteStartObject();
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
    }

    private void WriteText(string name, NpgsqlDataReader row, int column)
    {
        if (!row.IsDBNull(column))
            _writer.WriteString(name, row.GetString(column));
    }

    private void WriteTimestamp(DateTimeOffset timestamp) =>
        _writer.WriteString(EventLine.Timestamp, timestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    // The state is the current one. It is written with the last event or link of the stream, or not at all.
    private void WriteState(long truncatedBefore, bool isLast, short state)
    {
        if (truncatedBefore > 1)
            _writer.WriteNumber(EventLine.TruncatedBefore, truncatedBefore);

        if (isLast && state != StreamStates.Active)
            _writer.WriteString(EventLine.State, state == StreamStates.Archived ? EventLine.Archived : EventLine.Deleted);
    }

    private void WriteTags(string[] tags)
    {
        _writer.WriteStartArray(EventLine.Tags);
        foreach (var tag in tags)
            _writer.WriteStringValue(tag);

        _writer.WriteEndArray();
    }

    private void WriteJson(string name, ReadOnlySpan<byte> json)
    {
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(json, skipInputValidation: true);
    }
}
