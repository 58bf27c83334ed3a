using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// Finds what an export has to say of the subjects of its events: who is forgotten and, if asked for, the keys of the others.
/// </summary>
internal sealed class ExportedSubjects(SubjectKeyCache keys, bool includesKeys)
{
    // With more, subjects are written again, which does no harm.
    private const int MaxTold = 100_000;

    private readonly HashSet<(TenantId TenantId, SubjectId Subject)> _told = [];

    /// <summary>What the export has not said yet of the subjects of these events.</summary>
    public async Task<List<ImportedSubject>> FindAsync(List<SealedData> events, CancellationToken cancellationToken)
    {
        if (_told.Count > MaxTold)
            _told.Clear();

        var found = new List<ImportedSubject>();
        foreach (var ofTenant in events.GroupBy(static @event => @event.TenantId))
        {
            var states = new Dictionary<SubjectId, SubjectKey>();
            var values = ofTenant.SelectMany(Find).ToList();
            while (values.Count > 0)
            {
                SubjectId[] unknown = [.. values.Select(static value => value.Subject)
                    .Where(subject => !states.ContainsKey(subject))
                    .Distinct()];
                if (unknown.Length > 0)
                {
                    foreach (var (subject, key) in await keys.LookUpAsync(ofTenant.Key, unknown, cancellationToken).ConfigureAwait(false))
                        states.Add(subject, key);
                }

                values = [.. values.SelectMany(
                    value => states.TryGetValue(value.Subject, out var key) && !key.IsForgotten ? FindWithin(value, key) : [])];
            }

            foreach (var (subject, key) in states)
            {
                if ((key.IsForgotten || includesKeys) && _told.Add((ofTenant.Key, subject)))
                    found.Add(new ImportedSubject(ofTenant.Key, subject, key));
            }
        }

        return found;
    }

    private static List<Value> Find(SealedData @event)
    {
        var values = new List<Value>();
        try
        {
            if (SealedMark.Take(@event.Json, out var json) is { } mark)
                SealedJson.Visit(
                    json, "", mark, (subject, propertyName, data) => values.Add(new Value(@event.Id, mark, subject, propertyName, data)));
        }
        catch (JsonException)
        {
            // An export decodes nothing. Reading the event, here or elsewhere, will say that it is damaged.
        }

        return values;
    }

    private static List<Value> FindWithin(Value value, SubjectKey key)
    {
        var values = new List<Value>();
        if (!SealedValue.MayHoldOthers(value.Data))
            return values;

        try
        {
            var plain = SealedValue.Decrypt(value.Data, key, value.Subject, value.PropertyName, value.EventId);
            SealedJson.Visit(
                plain,
                value.PropertyName,
                value.Mark,
                (subject, propertyName, data) => values.Add(value with { Subject = subject, PropertyName = propertyName, Data = data }));
        }
        catch (JsonException)
        {
            // As above.
        }

        return values;
    }

    private sealed record Value(Guid EventId, byte[] Mark, SubjectId Subject, string PropertyName, byte[] Data);
}
