using System.Globalization;
using FluentEventStore.Postgres;

namespace FluentEventStore.Documents;

/// <summary>A type of documents that the store itself derives from events.</summary>
/// <param name="Type">The type. Sessions load it like any other, but do not write it.</param>
/// <param name="Version">The version of the projection that derives it. Each version has a table of its own.</param>
/// <param name="IsOfStreams">Whether each document is the snapshot of one stream.</param>
internal sealed record DerivedType(DocumentType Type, int Version, bool IsOfStreams)
{
    /// <summary>Whether they are of all tenants together, and stand under <see cref="TenantId.Default"/>.</summary>
    public bool IsOfStore { get; init; }

    /// <summary>The table that holds the documents.</summary>
    public SqlIdentifier Table { get; } = new(string.Create(CultureInfo.InvariantCulture, $"{Type.Table.Name}_v{Version}"));
}
