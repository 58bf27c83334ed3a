using System.Buffers;

namespace GitHistory.Git;

/// <summary>Reads output of git's <c>-z</c> options: fields of bytes, each ended by NUL. Holds one field at a time.</summary>
/// <param name="source">Where the bytes come from.</param>
/// <param name="atEnd">Runs before the end is believed: the output of a git that failed may be cut off anywhere.</param>
internal sealed class NulFieldReader(Stream source, Func<CancellationToken, Task> atEnd) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private int _length;

    /// <summary>The field that was read last, without its NUL; valid until the next is read.</summary>
    public ReadOnlySpan<byte> Field => _buffer.AsSpan(_start, _length);

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="GitException">The output ends within a field.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Consume();
        var searched = 0;
        while (true)
        {
            var nul = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)0);
            if (nul >= 0)
            {
                _length = searched + nul;
                return true;
            }

            searched = _end - _start;
            MakeRoom();
            var count = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
                break;

            _end += count;
        }

        await atEnd(cancellationToken);
        if (searched > 0)
            throw new GitException("The output of git ends within a field.");

        return false;
    }

    /// <summary>Reads the next field, which must be there.</summary>
    /// <exception cref="GitException">The output ends.</exception>
    public async ValueTask ReadRequiredAsync(CancellationToken cancellationToken)
    {
        if (!await ReadAsync(cancellationToken))
            throw new GitException("The output of git ends within an entry.");
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Consume()
    {
        if (_length < 0)
            return;

        _start = Math.Min(_start + _length + 1, _end);
        _length = -1;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
