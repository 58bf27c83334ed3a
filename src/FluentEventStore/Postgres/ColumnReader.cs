using System.Buffers;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Reads columns of a result as raw bytes, into one pooled buffer, which each call overwrites.</summary>
internal sealed class ColumnReader(NpgsqlDataReader rows) : IDisposable
{
    // jsonb travels as text after a byte that names its format.
    private const int JsonFormatLength = 1;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>The JSON text of a jsonb column of the current row, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadJson(int column) => Read(column)[JsonFormatLength..];

    /// <summary>The UTF-8 of a text column of the current row, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadText(int column) => Read(column);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ReadOnlySpan<byte> Read(int column)
    {
        var length = 0;
        while (true)
        {
            length += (int)rows.GetBytes(column, length, _buffer, length, _buffer.Length - length);
            if (length < _buffer.Length)
                return _buffer.AsSpan(0, length);

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
