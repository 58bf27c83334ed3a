using System.Buffers;

namespace FluentEventStore.Serialization;

/// <summary>
/// Takes pieces of bytes one after the other into rented arrays. A piece is in one array, and stays where it is while further ones are written.
/// </summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSize = 4096;

    private List<byte[]>? _full;
    private byte[] _current = ArrayPool<byte>.Shared.Rent(SmallestSize);
    private int _pieceStart;
    private int _written;

    /// <summary>The piece that was begun last, as far as it is written. Valid until this is disposed, once the piece is complete.</summary>
    public ReadOnlyMemory<byte> Piece => _current.AsMemory(_pieceStart, _written - _pieceStart);

    public void BeginPiece() => _pieceStart = _written;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _current.AsSpan(_written);
    }

    public void Dispose()
    {
        foreach (var array in _full ?? [])
            ArrayPool<byte>.Shared.Return(array);

        _full = null;
        ArrayPool<byte>.Shared.Return(_current);
        _current = [];
    }

    private void Reserve(int sizeHint)
    {
        var free = Math.Max(sizeHint, 256);
        if (_written + free <= _current.Length)
            return;

        // Only the piece that is being written moves: what was given out before stays in its array.
        var piece = Piece;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(piece.Length * 2) + free, _current.Length));
        piece.Span.CopyTo(larger);
        (_full ??= []).Add(_current);
        _current = larger;
        _pieceStart = 0;
        _written = piece.Length;
    }
}
