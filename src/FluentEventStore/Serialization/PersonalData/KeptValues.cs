namespace FluentEventStore.Serialization;

/// <summary>
/// The encrypted values of an event that is read to be written again. An unchanged value is written as it was, and so is one whose subject
/// is forgotten.
/// </summary>
internal sealed class KeptValues
{
    private readonly List<(string PropertyName, SubjectId Subject, byte[]? Json, byte[] Data)> _values = [];
    private readonly HashSet<int> _taken = [];

    /// <summary>Keeps a value.</summary>
    /// <param name="propertyName">Its name in JSON.</param>
    /// <param name="subject">Whose it is.</param>
    /// <param name="json">What it holds; <see langword="null"/> if its subject is forgotten.</param>
    /// <param name="data">Its encrypted form.</param>
    public void Keep(string propertyName, SubjectId subject, byte[]? json, byte[] data) => _values.Add((propertyName, subject, json, data));

    /// <summary>Begins another writing of the same event.</summary>
    public void Rewind() => _taken.Clear();

    /// <summary>
    /// The encrypted form of the next value that holds the same and is not yet written again; <see langword="null"/> if there is none.
    /// </summary>
    /// <param name="propertyName">Its name in JSON.</param>
    /// <param name="subject">Whose it is.</param>
    /// <param name="json">What it holds; <see langword="null"/> if its subject is forgotten.</param>
    public byte[]? Take(string propertyName, SubjectId subject, byte[]? json)
    {
        for (var index = 0; index < _values.Count; index++)
        {
            var value = _values[index];
            if (value.PropertyName == propertyName && value.Subject == subject && HoldsSame(value.Json, json) && _taken.Add(index))
                return value.Data;
        }

        return null;
    }

    private static bool HoldsSame(byte[]? one, byte[]? other) =>
        one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);
}
