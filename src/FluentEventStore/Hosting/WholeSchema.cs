using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Hosting;

/// <summary>Everything that the database holds for a store: its events and its documents.</summary>
internal static class WholeSchema
{
    public static StoreSchema Of(NpgsqlDataSource dataSource, SqlIdentifier schema, DocumentTables documents) =>
        new(dataSource, schema, () => [.. EventsSchema.Objects(schema), .. DocumentsSchema.Objects(schema, documents.Types)])
        {
            EventViews = views => EventViews.Script(schema, views, EventCatalog.NewestDeclared()),
        };
}
