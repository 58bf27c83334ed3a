using FluentEventStore.Aggregates;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>All that is derived in the units of work of a store.</summary>
internal sealed class InlineProjections(params IInlineProjection[] all) : IInlineProjection
{
    public IInlineFolding? FindFolding(EventUnit unit)
    {
        var first = default(IInlineFolding);
        List<IInlineFolding>? several = null;
        foreach (var projection in all)
        {
            if (projection.FindFolding(unit) is not { } folding)
                continue;

            if (first is null)
                first = folding;
            else
                (several ??= [first]).Add(folding);
        }

        return several is null ? first : new Foldings([.. several]);
    }

    private sealed class Foldings(IInlineFolding[] all) : IInlineFolding
    {
        public IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows => [.. all.SelectMany(static one => one.Rows)];

        public bool LacksKeys => Array.Exists(all, static one => one.LacksKeys);

        public void Begin(FetchedSnapshots fetched)
        {
            foreach (var one in all)
                one.Begin(fetched);
        }

        public int AddReads(NpgsqlBatch batch, bool locks) => all.Sum(one => one.AddReads(batch, locks));

        public async Task ReadAsync(NpgsqlDataReader? rows, CancellationToken cancellationToken)
        {
            foreach (var one in all)
                await one.ReadAsync(rows, cancellationToken).ConfigureAwait(false);
        }

        public async Task FetchKeysAsync(CancellationToken cancellationToken)
        {
            foreach (var one in all)
                await one.FetchKeysAsync(cancellationToken).ConfigureAwait(false);
        }

        public InlineChanges Fold(JsonWriter payloads) =>
            all.Select(one => one.Fold(payloads)).Aggregate(static (one, other) => one.With(other));
    }
}
