using System.Buffers;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Reads jsonb columns of a result into one pooled buffer, which each call overwrites.</summary>
internal sealed class JsonColumnReader(NpgsqlDataReader rows) : IDisposable
{
    // jsonb travels as text after a byte that names its format.
    private const int FormatLength = 1;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>The JSON text of a column of the current row, valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(int column)
    {
        var length = 0;
        while (true)
        {
            length += (int)rows.GetBytes(column, length, _buffer, length, _buffer.Length - length);
            if (length < _buffer.Length)
                return _buffer.AsSpan(FormatLength, length - FormatLength);

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
