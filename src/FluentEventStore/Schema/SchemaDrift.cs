namespace FluentEventStore;

/// <summary>Something in one of the store's tables that somebody else made. The store leaves it alone.</summary>
/// <param name="Table">The table it stands on, as <c>schema.table</c>.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Description">A sentence for people, with the name of the thing and, where it can hurt the store, how.</param>
public sealed record SchemaDrift(string Table, SchemaDriftKind Kind, string Description);
