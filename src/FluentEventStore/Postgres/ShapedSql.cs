using System.Collections.Concurrent;

namespace FluentEventStore.Postgres;

/// <summary>
/// The texts of a statement, one for each shape that it takes. A text is written when its shape is first needed, and then stays the same,
/// so that the server has it prepared.
/// </summary>
/// <param name="write">Writes the text of a shape.</param>
internal sealed class ShapedSql<TShape>(Func<TShape, string> write)
    where TShape : notnull
{
    private readonly ConcurrentDictionary<TShape, string> _texts = new();

    public string this[TShape shape] => _texts.GetOrAdd(shape, write);
}
