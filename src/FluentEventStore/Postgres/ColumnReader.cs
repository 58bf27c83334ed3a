using System.Buffers;
using System.Buffers.Binary;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Reads columns of a result as raw bytes, into one pooled buffer, which each call overwrites.</summary>
internal sealed class ColumnReader(NpgsqlDataReader rows) : IDisposable
{
    // jsonb travels as text after a byte that names its format.
    private const int JsonFormatLength = 1;

    // An array begins with the number of its dimensions, whether it holds NULLs, and the type of its elements. For each dimension follow
    // its length and its lower bound; an empty array has no dimension.
    private const int LengthAt = 12;
    private const int ElementsAt = 20;

    // Before each element stands its length.
    private const int BigintLength = sizeof(int) + sizeof(long);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>The JSON text of a jsonb column of the current row, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadJson(int column) => Read(column)[JsonFormatLength..];

    /// <summary>The UTF-8 of a text column of the current row, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadText(int column) => Read(column);

    /// <summary>
    /// A <c>bigint[]</c> column of the current row, of one dimension and without NULLs. The driver reads arrays too, but to read its first
    /// one it sets up all types of arrays that it knows: an application would wait for that in its first request.
    /// </summary>
    public long[] ReadNumbers(int column)
    {
        var bytes = Read(column);
        if (bytes.Length < ElementsAt)
            return [];

        var numbers = new long[BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..])];
        for (var index = 0; index < numbers.Length; index++)
            numbers[index] = BinaryPrimitives.ReadInt64BigEndian(bytes[(ElementsAt + (index * BigintLength) + sizeof(int))..]);

        return numbers;
    }

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
