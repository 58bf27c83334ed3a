using System.Text.RegularExpressions;
using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>A table of the store. After its creation it only grows; what the store does not know in it is left alone.</summary>
internal sealed partial class StoreTable : Table
{
    /// <summary>The prefix of the names of document tables; no other table has it.</summary>
    public const string DocumentPrefix = "doc_";

    /// <summary>What the names of primary keys end with, after the table.</summary>
    public const string PrimaryKeySuffix = "_pkey";

    /// <summary>What the names of unique indexes end with, after the table and the columns.</summary>
    public const string UniqueSuffix = "_key";

    private readonly SqlIdentifier _schema;
    private readonly SqlIdentifier _name;
    private readonly HashSet<string> _retired = new(StringComparer.Ordinal);

    public StoreTable(SqlIdentifier schema, SqlIdentifier name)
        : base(PostgresqlProvider.Instance.Parse(schema.Name, name.Name))
    {
        _schema = schema;
        _name = name;
        PrimaryKeyName = $"{name.Name}{PrimaryKeySuffix}";
    }

    /// <summary>The name as it stands in SQL.</summary>
    public string Name => $"{_schema}.{_name}";

    /// <summary>
    /// The columns that earlier versions of the store had. A database that has such a column keeps it, unread and unwritten. That is no
    /// drift as long as the table takes rows without a value for it.
    /// </summary>
    public IReadOnlyCollection<string> Retired => _retired;

    /// <summary>Says that the table once had a column.</summary>
    public void Retire(string column) => _retired.Add(column);

    /// <summary>Adds a text column that compares by its bytes.</summary>
    public ColumnExpression AddText(string name)
    {
        var column = new TableColumn(name, "text");
        column.ColumnChecks.Add(new OrdinalCollation());
        return AddColumn(column);
    }

    /// <summary>Adds a <c>bigint</c> column that numbers its rows.</summary>
    public ColumnExpression AddIdentity(string name) =>
        AddColumn(new TableColumn(name, "bigint") { IsAutoNumber = true, AllowNulls = false });

    /// <summary>Adds a unique index named <c>table_columns_key</c>, as PostgreSQL names a unique constraint.</summary>
    public void AddUnique(params string[] columns)
        => Indexes.Add(
            new IndexDefinition($"{_name.Name}_{string.Join('_', columns)}{UniqueSuffix}") { Columns = columns, IsUnique = true });

    /// <summary>Adds an index named <c>table_column_idx</c> of the rows where the column is not null.</summary>
    public void AddIndex(string column, IndexMethod method = IndexMethod.btree) => Indexes.Add(
        new IndexDefinition($"{_name.Name}_{column}_idx") { Columns = [column], Method = method, Predicate = $"{column} is not null" });

    /// <summary>Adds an index of all rows, for columns that are never null.</summary>
    public void AddFullIndex(params string[] columns) =>
        Indexes.Add(new IndexDefinition($"{_name.Name}_{string.Join('_', columns)}_idx") { Columns = columns });

    /// <summary>Adds a check constraint named <c>table_name_check</c>.</summary>
    public void AddCheck(string name, string expression) =>
        CheckConstraints.Add(new TableCheckConstraint($"{_name.Name}_{name}_check", expression));

    public override void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        // A script may be run twice.
        var sql = SchemaText.Write(text => base.WriteCreateStatement(migrator, text));
        writer.Write(CreateIndex().Replace(sql, "$0 if not exists"));
    }

    public override void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        base.ConfigureQueryCommand(builder);
        TableFacts.ConfigureQueryCommand(builder, _schema, _name);
    }

    public override async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        var delta = (TableDelta)await base.CreateDeltaAsync(reader, ct).ConfigureAwait(false);
        await reader.NextResultAsync(ct).ConfigureAwait(false);
        var facts = await TableFacts.ReadAsync(reader, ct).ConfigureAwait(false);
        return delta.Actual is { } actual ? new TableComparison(this, actual, facts).Compare() : Growth.Missing(this);
    }

    [GeneratedRegex("^CREATE (UNIQUE )?INDEX", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CreateIndex();
}
