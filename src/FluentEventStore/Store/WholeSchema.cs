using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Schema;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;
using FluentEventStore.Telemetry;
using Weasel.Core;

namespace FluentEventStore.Store;

/// <summary>Everything that the database holds for a store: its events and its documents.</summary>
internal static class WholeSchema
{
    public static StoreSchema Of(
        ConnectionSource connections,
        SqlIdentifier schema,
        DocumentTables documents,
        StoreTelemetry telemetry,
        TimeSpan patience,
        TenantId? tenantId = null) =>
        new(connections, schema, () => Objects(schema, documents))
        {
            Telemetry = telemetry,
            TenantId = tenantId,
            Patience = patience,
            EventViews = views => EventViews.Of(schema, views, EventCatalog.NewestDeclared()),
        };

    /// <summary>Stands for the schemas of many databases, which have the same objects.</summary>
    public static StoreSchema OfTenants(
        SqlIdentifier schema, DocumentTables documents, Func<CancellationToken, Task<IReadOnlyList<StoreSchema>>> ofTenants) =>
        new(new ConnectionSource(static _ => throw new System.Diagnostics.UnreachableException()), schema, () => Objects(schema, documents))
        {
            OfTenants = ofTenants,
        };

    private static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema, DocumentTables documents) =>
    [
        .. EventsSchema.Objects(schema),
        .. SeedsSchema.Objects(schema),
        .. SubscriptionsSchema.Objects(schema),
        .. MessagesSchema.Objects(schema),
        .. ProjectionsSchema.Objects(schema),
        .. DocumentsSchema.Objects(schema, documents.Written, documents.Derived),
    ];
}
