namespace FluentEventStore.Documents;

/// <summary>The rows of streams, which rows of snapshots point at.</summary>
/// <param name="Table">Their table, in the schema of the documents.</param>
/// <param name="KeepsSnapshots">The condition on the alias <c>s</c> for a stream that has snapshots.</param>
internal sealed record StreamRows(string Table, string KeepsSnapshots);
