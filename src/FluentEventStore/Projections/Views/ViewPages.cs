using FluentEventStore.Documents;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>Keeps views of many streams from pages of the log.</summary>
internal sealed class ViewPages(DeclaredViews views, int slot)
{
    public async Task HandleAsync(
        IReadOnlyList<IEvent> events, SubscriptionContext context, CancellationToken cancellationToken)
    {
        var session = (PageSession)context.Session;
        var set = new ViewSet(views, session.Source.Documents.GetBuilt(views.View.ClrType, slot));
        foreach (var @event in events)
            set.Add(@event);

        if (set.Ids.Count == 0)
            return;

        using var batch = new NpgsqlBatch();
        set.Table.AddReadViews(batch, session.TenantId, set.Ids);
        var rows = await session.Source.Database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        ViewRow?[] read;
        await using (rows.ConfigureAwait(false))
            read = await ViewRow.ReadAsync(rows, set.Ids.Count, cancellationToken).ConfigureAwait(false);

        set.Fold(read);
        session.Derive(set.Describe);
    }
}
