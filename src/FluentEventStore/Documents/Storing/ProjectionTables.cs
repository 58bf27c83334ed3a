namespace FluentEventStore.Documents;

/// <summary>The names of what the database holds for projections.</summary>
internal static class ProjectionTables
{
    /// <summary>Which versions of projections there are, which of their tables serve, and which are being built.</summary>
    public const string Projections = "projections";
}
