using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace FluentEventStore.Events;

/// <summary>Reads an exported file from beginning to end, and checks all that can be checked without the store.</summary>
internal sealed class EventFile(Stream input, TenantId? tenantId)
{
    private readonly Dictionary<(TenantId, StreamId), long> _versions = [];
    private readonly HashSet<Guid> _ids = [];

    /// <summary>The hash over all lines but the last; set when all events were read.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Whether the last event that was read is the first one of its stream in the file.</summary>
    public bool IsFirstOfStream { get; private set; }

    /// <exception cref="ImportException">The file is not as it was exported.</exception>
    public async IAsyncEnumerable<ImportItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var lines = new LineReader(input);
        await ReadFirstAsync(lines, hash, cancellationToken).ConfigureAwait(false);
        var index = 0L;
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsLast(lines))
            {
                Sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
                CheckLast(lines, index, Sha256);
                if (await lines.ReadAsync(cancellationToken).ConfigureAwait(false))
                    throw At(lines).Refuse(ImportFault.TrailingLines, "there are lines after the last line of the export.");

                yield break;
            }

            CheckTerminated(lines);
            CheckEncoding(lines);
            hash.AppendData(lines.Line.Span);
            if (IsSubject(lines))
            {
                var subject = ReadSubject(lines);
                yield return tenantId is { } only && subject.TenantId != only
                    ? throw ImportRefusals.OtherTenant(subject.TenantId, At(lines), only)
                    : new ImportItem(null, subject, At(lines));
                continue;
            }

            var source = new ImportSource(index + 1, lines.Number);
            var @event = ReadEvent(lines, source);
            index += @event.IsLink ? 0 : 1;
            CheckPlace(@event, source);
            yield return new ImportItem(@event, null, source);
        }

        throw new ImportSource(0, lines.Number + 1).Refuse(ImportFault.CutOff, "the file ends before the last line of the export.");
    }

    private static async Task ReadFirstAsync(LineReader lines, IncrementalHash hash, CancellationToken cancellationToken)
    {
        if (!await lines.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw new ImportSource(0, 1).Refuse(ImportFault.CutOff, "the file is empty.");

        if (lines.Line.Span is [0xEF, 0xBB, 0xBF, ..] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw At(lines).Refuse(ImportFault.Encoding, "the file begins with a byte order mark; it must be UTF-8 without one.");

        CheckTerminated(lines);
        using var first = ParseObject(lines);
        if (!first.RootElement.TryGetProperty(EventLine.Format, out var format) || !IsText(format, EventLine.FormatName))
            throw At(lines).Refuse(ImportFault.UnknownFormat, $"the first line does not name the format '{EventLine.FormatName}'.");

        if (!first.RootElement.TryGetProperty(EventLine.Version, out var version) || version.GetRawText() is not "1")
        {
            throw At(lines).Refuse(
                ImportFault.UnknownFormat,
                $"the file has version {(version.ValueKind == JsonValueKind.Undefined ? "none" : version.GetRawText())} of the format; "
                    + $"only version {EventLine.FormatVersion} is known.");
        }

        hash.AppendData(lines.Line.Span);
    }

    private static bool IsText(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static ImportSource At(LineReader lines) => new(0, lines.Number);

    // Only the last line may lack its line feed.
    private static void CheckTerminated(LineReader lines)
    {
        if (!lines.IsTerminated)
            throw At(lines).Refuse(ImportFault.CutOff, "the file ends in the middle of the line.");
    }

    private static void CheckEncoding(LineReader lines)
    {
        if (Utf8.IsValid(lines.Line.Span))
            return;

        CheckTerminated(lines);
        throw At(lines).Refuse(ImportFault.Encoding, "the line is not valid UTF-8.");
    }

    private static JsonDocument ParseObject(LineReader lines)
    {
        CheckEncoding(lines);
        try
        {
            // Escapes that are no characters would fail wherever a text is read.
            var document = JsonDocument.Parse(lines.Line);
            if (StorableJson.FindFault(lines.Line.Span) is { } fault)
            {
                document.Dispose();
                throw At(lines).Refuse(ImportFault.Json, fault);
            }

            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;

            document.Dispose();
            throw At(lines).Refuse(ImportFault.Line, "the line is not a JSON object.");
        }
        catch (JsonException failure)
        {
            throw NotJson(lines, At(lines), failure);
        }
    }

    private static ImportException NotJson(LineReader lines, ImportSource source, JsonException failure) => lines.IsTerminated
        ? source.Refuse(ImportFault.Json, $"the line is not JSON: {failure.Message}")
        : source.Refuse(ImportFault.CutOff, "the file ends in the middle of the line.");

    // The first name tells: the line of an event begins with its tenant.
    private static bool IsLast(LineReader lines)
    {
        var reader = new Utf8JsonReader(lines.Line.Span, isFinalBlock: false, new JsonReaderState(EventLine.ReaderOptions));
        try
        {
            return reader.Read() && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                && (reader.ValueTextEquals(EventLine.Events) || reader.ValueTextEquals(EventLine.Sha256));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void CheckLast(LineReader lines, long events, string sha256)
    {
        using var last = ParseObject(lines);
        if (!last.RootElement.TryGetProperty(EventLine.Events, out var count) || count.ValueKind != JsonValueKind.Number
            || !last.RootElement.TryGetProperty(EventLine.Sha256, out var hash) || hash.ValueKind != JsonValueKind.String)
        {
            throw At(lines).Refuse(ImportFault.Line, $"the last line has no '{EventLine.Events}' or no '{EventLine.Sha256}'.");
        }

        if (!count.TryGetInt64(out var counted) || counted != events)
        {
            throw At(lines).Refuse(
                ImportFault.Changed,
                string.Create(
                    CultureInfo.InvariantCulture, $"the last line counts {count.GetRawText()} events, but the file has {events}."));
        }

        if (!IsText(hash, sha256))
            throw At(lines).Refuse(
                ImportFault.Changed, $"the lines have the SHA-256 {sha256}, but the last line names {hash.GetRawText()}.");
    }

    private static bool IsSubject(LineReader lines)
    {
        try
        {
            return SubjectLineParser.IsSubject(lines.Line.Span);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ImportedSubject ReadSubject(LineReader lines)
    {
        try
        {
            return SubjectLineParser.Parse(lines.Line.Span);
        }
        catch (JsonException failure)
        {
            throw NotJson(lines, At(lines), failure);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
        {
            throw At(lines).Refuse(ImportFault.Line, failure.Message);
        }
    }

    private static ImportedEvent ReadEvent(LineReader lines, ImportSource source)
    {
        ImportedEvent @event;
        try
        {
            @event = EventLineParser.Parse(lines.Line.Span);
        }
        catch (JsonException failure)
        {
            throw NotJson(lines, source, failure);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
        {
            throw source.Refuse(ImportFault.Line, failure.Message);
        }

        return @event.FindFault() is { } fault ? throw source.Refuse(ImportFault.Json, fault, @event) : @event;
    }

    private void CheckPlace(ImportedEvent @event, ImportSource source)
    {
        if (tenantId is { } only && @event.TenantId != only)
            throw ImportRefusals.OtherTenant(@event.TenantId, source, only, @event);

        var stream = (@event.TenantId, @event.StreamId);
        IsFirstOfStream = !_versions.TryGetValue(stream, out var before);
        if (!IsFirstOfStream && @event.Version != before + 1)
            throw ImportRefusals.Misplaced(@event, source, before);

        if (!@event.IsLink && !_ids.Add(@event.Id))
            throw source.Refuse(ImportFault.RepeatedId, $"an earlier event has its id {@event.Id} too.", @event);

        _versions[stream] = @event.Version;
    }
}
