using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Generated;
using FluentEventStore.Serialization;

namespace FluentEventStore.Benchmarks.Micro;

/// <summary>
/// A generated codec against System.Text.Json's own generator, for a small, a medium and a large event. Both write with a writer that is used again, as the store does,
/// and read the same bytes; ours makes its checks of texts besides.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[HideColumns("Error", "StdDev", "RatioSD")]
[GenericTypeArguments(typeof(Tick), typeof(FluentEventStore_Benchmarks_Payloads_TickJson))]
[GenericTypeArguments(typeof(Payment), typeof(FluentEventStore_Benchmarks_Payloads_PaymentJson))]
[GenericTypeArguments(typeof(Shipment), typeof(FluentEventStore_Benchmarks_Payloads_ShipmentJson))]
public sealed class CodecBenchmarks<T, TCodec> : IDisposable
    where TCodec : struct, IJsonCodec<T>
{
    private static readonly JsonTypeInfo<T> Theirs = (JsonTypeInfo<T>)MicroJson.Default.GetTypeInfo(typeof(T))!;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly T _value = (T)MicroEvents.Of(typeof(T));
    private readonly byte[] _json;

    public CodecBenchmarks()
    {
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        WriteOurs();
        _json = _buffer.WrittenSpan.ToArray();
        WriteTheirs();
        if (!_json.AsSpan().SequenceEqual(_buffer.WrittenSpan))
            throw new InvalidOperationException($"They write different JSON of {typeof(T)}.");
    }

    [Benchmark, BenchmarkCategory("write")]
    public int WriteOurs()
    {
        Begin();
        TCodec.Write(_writer, _value);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("write")]
    public int WriteTheirs()
    {
        Begin();
        JsonSerializer.Serialize(_writer, _value, Theirs);
        _writer.Flush();
        return _buffer.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("read")]
    public T ReadOurs()
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        return TCodec.Read(ref reader);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("read")]
    public T? ReadTheirs() => JsonSerializer.Deserialize(_json, Theirs);

    public void Dispose() => _writer.Dispose();

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
    }
}
