using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentEventStore.Serialization;

namespace FluentEventStore.Benchmarks.Micro;

internal sealed class CodecCase<T, TCodec> : CodecCase
    where TCodec : struct, IJsonCodec<T>
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly JsonWriter _ours = new();
    private readonly JsonTypeInfo<T> _theirs;
    private readonly T _value;
    private readonly byte[] _json;

    public CodecCase(T value, JsonTypeInfo<T> theirs)
    {
        (_value, _theirs) = (value, theirs);
        _writer = new Utf8JsonWriter(
            _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        WriteOurs();
        _json = _ours.Piece.ToArray();
        if (ReadTheirs() is null || ReadOurs() is null || WriteTheirs() == 0)
            throw new InvalidOperationException($"They do not read and write the same {typeof(T)}.");
    }

    public override int WriteOurs()
    {
        TCodec.Write(_ours.Reset(), _value);
        return _ours.Piece.Length;
    }

    public override int WriteTheirs()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        JsonSerializer.Serialize(_writer, _value, _theirs);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    public override object? ReadOurs()
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        return TCodec.Read(ref reader);
    }

    public override object? ReadTheirs() => JsonSerializer.Deserialize(_json, _theirs);

    public override void Dispose()
    {
        _writer.Dispose();
        _ours.Dispose();
    }
}
