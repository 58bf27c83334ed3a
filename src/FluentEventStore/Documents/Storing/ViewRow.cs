using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Documents;

/// <summary>The row of a view as it was read.</summary>
/// <param name="Version">How many events it holds.</param>
/// <param name="Created">When it began.</param>
/// <param name="Json">What it holds; <see langword="null"/> if it is deleted.</param>
internal sealed record ViewRow(long Version, DateTimeOffset Created, byte[]? Json)
{
    /// <summary>Takes a result of <see cref="DocumentTable.AddReadViews"/>, and moves on to the next one.</summary>
    /// <returns>By the order of the ids: the row; <see langword="null"/> if there is none.</returns>
    public static async Task<ViewRow?[]> ReadAsync(NpgsqlDataReader rows, int count, CancellationToken cancellationToken)
    {
        var views = new ViewRow?[count];
        using (var reader = new ColumnReader(rows))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var ordinal = (int)rows.GetInt64(0) - 1;
                var (version, created, isDeleted) = (rows.GetInt64(1), rows.GetInstant(2), rows.GetBoolean(3));
                views[ordinal] = new ViewRow(version, created, isDeleted ? null : reader.ReadJson(4).ToArray());
            }
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return views;
    }
}
