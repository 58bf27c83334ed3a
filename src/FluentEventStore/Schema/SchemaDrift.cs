namespace FluentEventStore;

/// <summary>Something in one of the store's tables that somebody else made. The store leaves it alone.</summary>
/// <param name="Table">The table that it belongs to, as <c>schema.table</c>.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Description">A sentence for people, with the name of the thing and, if it can harm the store, how.</param>
public sealed record SchemaDrift(string Table, SchemaDriftKind Kind, string Description);
