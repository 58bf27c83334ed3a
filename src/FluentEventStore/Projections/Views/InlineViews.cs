using System.Collections.Concurrent;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>Keeps views of many streams in the unit of work that appends their events.</summary>
internal sealed class InlineViews(
    SqlIdentifier schema, IReadOnlyList<DeclaredViews> declared, DocumentTables documents) : IInlineProjection
{
    private readonly StreamHeads _heads = new(schema);
    private readonly InlineClaim _claim = new(schema, declared);
    private readonly ConcurrentDictionary<Type, DeclaredViews[]> _concerned = new();

    public IInlineFolding? FindFolding(EventUnit unit)
    {
        if (declared.Count == 0)
            return null;

        Dictionary<DeclaredViews, ViewSet> sets = [];
        var concerned = Array.ConvertAll(unit.Events, @event => Concerned(@event.Type.Current.ClrType));
        for (var index = 0; index < concerned.Length; index++)
        {
            foreach (var views in concerned[index])
            {
                if (!sets.TryGetValue(views, out var set))
                    sets.Add(views, set = new ViewSet(views, documents.Get(views.View.ClrType)));

                // Which views it concerns does not depend on its version, which is not known yet.
                set.Add(unit.Foresee(unit.Events[index], version: 0));
            }
        }

        var touched = sets.Values.Where(static set => set.Ids.Count > 0).OrderBy(
            static set => set.Table.Name.Name, StringComparer.Ordinal).ToArray();
        return touched.Length == 0 ? null : new ViewFolding(_heads, _claim, unit, concerned, touched);
    }

    private DeclaredViews[] Concerned(Type eventType) => _concerned.GetOrAdd(
        eventType, static (type, all) => [.. all.Where(one => one.Takes(type))], declared);
}
