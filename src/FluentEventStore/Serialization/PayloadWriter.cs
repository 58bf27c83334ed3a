using System.Text.Encodings.Web;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes the JSON of a whole unit of work into pooled memory.</summary>
internal sealed class PayloadWriter : IDisposable
{
    // jsonb keeps texts unescaped, so nothing but what JSON itself demands is escaped. The depth is the one that readers accept.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 64,
    };

    private readonly PooledBuffer _buffer = new();
    private readonly Utf8JsonWriter _writer;

    public PayloadWriter() => _writer = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Begins a payload.</summary>
    public Utf8JsonWriter Begin()
    {
        _writer.Reset();
        _buffer.BeginPiece();
        return _writer;
    }

    /// <summary>Ends the payload that was begun last.</summary>
    /// <returns>Its bytes, valid until this is disposed.</returns>
    public ReadOnlyMemory<byte> End()
    {
        _writer.Flush();
        return _buffer.Piece;
    }

    /// <summary>Where in the payload that was begun last the writing stopped, for an error.</summary>
    public string CurrentPath() => JsonPath.WhereItEnds(End().Span);

    public void Dispose()
    {
        _writer.Dispose();
        _buffer.Dispose();
    }
}
