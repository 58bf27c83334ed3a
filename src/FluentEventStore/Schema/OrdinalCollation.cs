using Weasel.Postgresql.Tables;

namespace FluentEventStore.Schema;

/// <summary>Compares and sorts text by its bytes, so that no update of the operating system's locales can break an index.</summary>
internal sealed class OrdinalCollation : ColumnCheck
{
    public const string Collation = "C";

    public override string Declaration() => $"collate \"{Collation}\"";
}
