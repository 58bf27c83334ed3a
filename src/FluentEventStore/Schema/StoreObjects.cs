using System.Security.Cryptography;
using System.Text;
using FluentEventStore.Postgres;
using Weasel.Core;

namespace FluentEventStore.Schema;

/// <summary>Everything that the database must hold for a store, in the order in which it is created.</summary>
internal sealed class StoreObjects(SqlIdentifier schema, IReadOnlyList<ISchemaObject> objects)
{
    public ISchemaObject[] All { get; } = [new NamespaceSchema(schema), .. StoreRowSchema.Objects(schema), .. objects];

    /// <summary>The statements that create everything; running them again changes nothing.</summary>
    public string Script => field ??= string.Concat(All.Select(static item => SchemaText.Create(item) + "\n"));

    /// <summary>Equal for two stores that need the same of the database.</summary>
    public string Fingerprint => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    /// <summary>The schemas that they are in.</summary>
    public string[] Schemas => field ??= [.. All.Select(static item => item.Identifier.Schema).Distinct(StringComparer.Ordinal)];

    /// <summary>The names of the tables, sequences and functions.</summary>
    public string[] Names => field ??= [.. All.Select(static item => item.Identifier.Name).Distinct(StringComparer.Ordinal)];
}
