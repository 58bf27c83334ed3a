namespace FluentEventStore.Serialization;

/// <summary>Writes the JSON of a whole unit of work into pooled memory.</summary>
internal sealed class PayloadWriter : IDisposable
{
    private readonly JsonWriter _writer = new();

    /// <summary>Begins a payload.</summary>
    public JsonWriter Begin() => _writer.Begin();

    /// <summary>Ends the payload that was begun last.</summary>
    /// <returns>Its bytes, valid until this is disposed.</returns>
    public ReadOnlyMemory<byte> End() => _writer.Piece;

    /// <summary>Where in the payload that was begun last the writing stopped, for an error.</summary>
    public JsonPlace CurrentPlace() => JsonPath.WhereItEnds(End().Span);

    public void Dispose() => _writer.Dispose();
}
