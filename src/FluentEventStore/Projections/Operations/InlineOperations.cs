using System.Collections.Concurrent;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>Does what projections want with documents in the unit of work that appends their events.</summary>
internal sealed class InlineOperations(
    SqlIdentifier schema, IReadOnlyList<DeclaredOperations> declared, DocumentTables documents) : IInlineProjection
{
    private readonly StreamHeads _heads = new(schema);
    private readonly InlineClaim _claim = new(schema, declared);
    private readonly ConcurrentDictionary<Type, DeclaredOperations[]> _concerned = new();

    public IInlineFolding? FindFolding(EventUnit unit)
    {
        if (declared.Count == 0)
            return null;

        var concerned = Array.ConvertAll(unit.Events, @event => Concerned(@event.Type.Current.ClrType));
        return concerned.All(static one => one.Length == 0)
            ? null
            : new OperationFolding(_heads, _claim, unit, concerned, documents);
    }

    private DeclaredOperations[] Concerned(Type eventType) => _concerned.GetOrAdd(
        eventType, static (type, all) => [.. all.Where(one => one.Takes(type))], declared);
}
