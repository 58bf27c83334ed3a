using System.Buffers;

namespace FluentEventStore.Events;

/// <summary>Reads a stream of bytes line by line, into one pooled buffer.</summary>
internal sealed class LineReader(Stream input) : IDisposable
{
    // jsonb takes no more than 256 MB of data.
    private const int MaxLength = 512 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line that was read last; 1 is the first.</summary>
    public long Number { get; private set; }

    /// <summary>The line that was read last, with the line feed that ends it. Valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the line that was read last ends with a line feed.</summary>
    public bool IsTerminated => Line.Span is [.., (byte)'\n'];

    /// <returns>Whether there was another line.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var scanned = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
                return Take(scanned + feed + 1);

            if (_isAtEnd)
                return _end > _start && Take(_end - _start);

            scanned = _end - _start;
            MakeRoom();
            var count = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += count;
            _isAtEnd = count == 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool Take(int length)
    {
        Line = _buffer.AsMemory(_start, length);
        _start += length;
        Number++;
        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length)
            return;

        if (_end >= MaxLength)
            throw new ImportSource(0, Number + 1).Refuse(ImportFault.Line, $"the line is longer than {MaxLength >> 20} MB.");

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
