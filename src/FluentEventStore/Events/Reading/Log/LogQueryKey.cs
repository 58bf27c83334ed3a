using System.Globalization;
using System.Text;

namespace FluentEventStore.Events;

/// <summary>Writes the key of a query: each text with its length, so that no two queries share one whatever their texts hold.</summary>
internal static class LogQueryKey
{
    public static string Of(LogQuery query, short state)
    {
        var key = new StringBuilder();
        key.Append(
            CultureInfo.InvariantCulture, $"{(int)query.Shape} {state} {query.Earliest.UtcTicks} {query.Latest.UtcTicks}");
        Add(key, query.TypeNames);
        Add(key, query.StreamIds);
        Add(key, query.StreamPrefixes);
        Add(key, query.AggregateTypes);
        Add(key, query.Tenants);
        Add(key, query.Tags);
        Add(key, query.HeaderTexts.Select(static header => $"{header.Key.Length}:{header.Key}{header.Value}"));
        return key.ToString();
    }

    private static void Add(StringBuilder key, IEnumerable<string> texts)
    {
        key.Append('|');
        foreach (var text in texts.Order(StringComparer.Ordinal))
            key.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
    }
}
