namespace FluentEventStore;

/// <summary>The views of events cannot be created: something else has the name of one.</summary>
/// <remarks>Nothing was changed. Create the views in a schema of their own, or drop or rename what is there.</remarks>
public sealed class EventViewConflictException(string schema, string view, string found)
    : FluentEventStoreException(
        $"The view {view} of the events in schema '{schema}' was not created: the name is taken by {found} that this store did not "
            + "create.")
{
    /// <summary>The schema of the store.</summary>
    public string Schema { get; } = schema;

    /// <summary>The name that is taken, as <c>schema.view</c>.</summary>
    public string View { get; } = view;

    /// <summary>What is there, for people: <c>a view</c>, <c>a table</c>, or <c>a view of the events in schema 'other'</c>.</summary>
    public string Found { get; } = found;
}
