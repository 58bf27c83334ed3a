namespace FluentEventStore.Generators.Symbols;

/// <summary>The metadata names by which the generator knows the library; a test resolves each.</summary>
internal static class KnownTypes
{
    public const string EventAttribute = "FluentEventStore.EventAttribute";
    public const string ClosedEventAttribute = "FluentEventStore.ClosedEventAttribute";
    public const string UseConverterAttribute = "FluentEventStore.UseConverterAttribute";
    public const string EventAliasAttribute = "FluentEventStore.EventAliasAttribute";
    public const string DocumentAttribute = "FluentEventStore.DocumentAttribute";
    public const string MessageAttribute = "FluentEventStore.MessageAttribute";
    public const string AggregateAttribute = "FluentEventStore.AggregateAttribute";
    public const string EventHandlerAttribute = "FluentEventStore.EventHandlerAttribute";
    public const string DeciderAttribute = "FluentEventStore.DeciderAttribute";
    public const string ProjectionAttribute = "FluentEventStore.ProjectionAttribute";
    public const string MultiStreamProjection = "FluentEventStore.MultiStreamProjection`2";
    public const string EventProjection = "FluentEventStore.EventProjection";
    public const string ProjectionCatalog = "FluentEventStore.Projections.ProjectionCatalog";
    public const string ViewDispatch = "FluentEventStore.Projections.IViewDispatch`2";
    public const string OperationDispatch = "FluentEventStore.Projections.IOperationDispatch`1";
    public const string WritesAttribute = "FluentEventStore.WritesAttribute`1";
    public const string ViewIds = "FluentEventStore.Projections.ViewIds";
    public const string StreamIdAttribute = "FluentEventStore.StreamIdAttribute";
    public const string UpcasterAttribute = "FluentEventStore.UpcasterAttribute";
    public const string EventMetadata = "FluentEventStore.EventMetadata";
    public const string PersonalDataAttribute = "FluentEventStore.PersonalDataAttribute";
    public const string PersonalValue = "FluentEventStore.Serialization.PersonalValue";
    public const string TagAttribute = "FluentEventStore.TagAttribute";
    public const string Tag = "FluentEventStore.Tag";
    public const string StreamId = "FluentEventStore.StreamId";
    public const string DocumentId = "FluentEventStore.DocumentId";
    public const string Event = "FluentEventStore.IEvent";
    public const string EventOfData = "FluentEventStore.IEvent`1";
    public const string QuerySession = "FluentEventStore.IQuerySession";
    public const string DocumentSession = "FluentEventStore.IDocumentSession";
    public const string StorePrivacy = "FluentEventStore.IStorePrivacy";
    public const string EventOperations = "FluentEventStore.IEventOperations";
    public const string EventStream = "FluentEventStore.IEventStream`1";
    public const string EventBoundary = "FluentEventStore.IEventBoundary`1";
    public const string ImportedEvent = "FluentEventStore.ImportedEvent";
    public const string ExpectedVersion = "FluentEventStore.ExpectedVersion";
    public const string EventHandler = "FluentEventStore.IEventHandler";
    public const string Decider = "FluentEventStore.IDecider`1";
    public const string Decision = "FluentEventStore.Commands.Decision";
    public const string DispatchedEvent = "FluentEventStore.Serialization.DispatchedEvent";
    public const string DocumentOperations = "FluentEventStore.IDocumentOperations";
    public const string GeneratedCatalogAttribute = "FluentEventStore.Serialization.GeneratedCatalogAttribute";
    public const string GeneratedNameAttribute = "FluentEventStore.Serialization.GeneratedNameAttribute";
    public const string GeneratedSampleAttribute = "FluentEventStore.Serialization.GeneratedSampleAttribute";
    public const string EventCatalog = "FluentEventStore.Serialization.EventCatalog";
    public const string DocumentCatalog = "FluentEventStore.Documents.DocumentCatalog";
    public const string MessageCatalog = "FluentEventStore.Messages.MessageCatalog";
    public const string AggregateCatalog = "FluentEventStore.Aggregates.AggregateCatalog";
    public const string AggregateDispatch = "FluentEventStore.Aggregates.IAggregateDispatch`1";
    public const string NaturalKeyAttribute = "FluentEventStore.NaturalKeyAttribute";
    public const string NaturalKeyDispatch = "FluentEventStore.Aggregates.INaturalKeyDispatch`1";
    public const string UnsavedStateAttribute = "FluentEventStore.Aggregates.UnsavedStateAttribute";
    public const string ProjectionOptions = "FluentEventStore.ProjectionOptions";
    public const string DocumentShape = "FluentEventStore.Documents.IDocumentShape`2";
    public const string JsonCodec = "FluentEventStore.Serialization.IJsonCodec`1";
    public const string JsonKeyCodec = "FluentEventStore.Serialization.IJsonKeyCodec`1";
    public const string ObjectCodec = "FluentEventStore.Serialization.ObjectCodec";
    public const string EnumNames = "FluentEventStore.Serialization.EnumNames`2";

    /// <summary>The simple name of the assembly that holds them all.</summary>
    public const string Library = "FluentEventStore";
}
