using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Views;

/// <summary>A store that keeps views of many streams, by units of work or by a daemon.</summary>
public class ViewStore(PostgresServer server, ProjectionLifecycle lifecycle) : SubscriptionStore(server)
{
    /// <summary>All rows of views, with everything but where they stand.</summary>
    public async Task<string> RowsAsync() => (string)(await ExecuteAsync($"""
        select coalesce(string_agg(r.row, E'\n' order by r.row collate "C"), '')
        from (
          select 'turnover ' || row(tenant, id, data, version, created_at, modified_at, deleted_at)::text as row
          from {Schema}.doc_turnover_v1
          union all
          select 'word ' || row(tenant, id, data, version, created_at, modified_at, deleted_at)::text
          from {Schema}.doc_word_v1
        ) as r
        """))!;

    protected override void Configure(EventStoreOptions options)
    {
        options.Projections.Add<TurnoverProjection>(lifecycle);
        options.Projections.Add<WordsProjection>(lifecycle);
    }
}

/// <summary>Keeps views in the units of work.</summary>
public sealed class InlineViewStore(PostgresServer server) : ViewStore(server, ProjectionLifecycle.Inline);

/// <summary>Keeps views by a daemon.</summary>
public sealed class AsyncViewStore(PostgresServer server) : ViewStore(server, ProjectionLifecycle.Async);
