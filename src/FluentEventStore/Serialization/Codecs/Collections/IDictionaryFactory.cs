using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>Makes a dictionary of entries that were read.</summary>
/// <typeparam name="TDictionary">The dictionary.</typeparam>
/// <typeparam name="TKey">The type of its keys.</typeparam>
/// <typeparam name="TValue">The type of its values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IDictionaryFactory<TDictionary, TKey, TValue>
    where TKey : notnull
{
    /// <summary>Makes a dictionary of the entries.</summary>
    static abstract TDictionary Create(Dictionary<TKey, TValue> entries);
}
