using System.Globalization;
using FluentEventStore.Postgres;

namespace FluentEventStore.Documents;

/// <summary>A type of documents that the store itself derives from events.</summary>
/// <param name="Type">The type. Sessions load it like any other, but do not write it.</param>
/// <param name="Projection">The name of the projection that derives it.</param>
/// <param name="Version">The version of the projection. Each version has tables of its own.</param>
/// <param name="IsOfStreams">Whether each document is the snapshot of one stream.</param>
internal sealed record DerivedType(DocumentType Type, string Projection, int Version, bool IsOfStreams)
{
    /// <summary>Whether they are of all tenants together, and stand under <see cref="TenantId.Default"/>.</summary>
    public bool IsOfStore { get; init; }

    /// <summary>
    /// The tables that hold the documents. Snapshots are rebuilt in place, since their rows say what they hold; all others have a second
    /// table, in which they are rebuilt while the first one serves.
    /// </summary>
    public IReadOnlyList<SqlIdentifier> Tables => field ??= IsOfStreams ? [Named("")] : [Named(""), Named("b")];

    private SqlIdentifier Named(string suffix) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Type.Table.Name}_v{Version}{suffix}"));
}
