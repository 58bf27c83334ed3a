namespace FluentEventStore.Hosting;

/// <summary>What the start of an application does with the schema of a store.</summary>
internal enum SchemaStep
{
    Apply,
    Await,
    Assert,
}
