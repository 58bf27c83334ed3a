using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>Makes the rows of a declared subscription.</summary>
internal sealed class SubscriptionRows(Database database, SqlIdentifier schema)
{
    private const int MostAttempts = 3;

    private readonly string _begin =
        $"select b.version, b.fingerprint, b.partition from {schema}.{BeginSubscriptionFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8) b";

    /// <summary>Makes the rows, unless they are there; takes those of an earlier version over.</summary>
    /// <param name="declared">The subscription.</param>
    /// <param name="floor">Where it begins if it is not there.</param>
    /// <param name="replayedTo">Up to where events are older than it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Why this process must not carry it; <see langword="null"/> if it may.</returns>
    public async Task<Mismatch?> BeginAsync(Declaration declared, long floor, long replayedTo, CancellationToken cancellationToken)
    {
        var stored = await BeginAsync(declared, (floor, replayedTo), cancellationToken).ConfigureAwait(false)
            ?? throw new System.Diagnostics.UnreachableException();
        return FaultOf(declared, stored);
    }

    private async Task<StoredSubscription?> BeginAsync(
        Declaration declared, (long Floor, long ReplayedTo)? start, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryBeginAsync(declared, start, cancellationToken).ConfigureAwait(false);
            }
            catch (CommitOutcomeUnknownException) when (attempt < MostAttempts)
            {
                // What is there is not made again.
            }
        }
    }

    private async Task<StoredSubscription?> TryBeginAsync(
        Declaration declared, (long Floor, long ReplayedTo)? start, CancellationToken cancellationToken)
    {
        var ranges = RangeKey.Split(declared.Concurrency);
        using var batch = new NpgsqlBatch();
        var command = batch.Add(_begin)
            .With(declared.Name, NpgsqlDbType.Text)
            .With(declared.Version, NpgsqlDbType.Integer)
            .With(declared.Fingerprint, NpgsqlDbType.Text)
            .With(declared.Partition.Name, NpgsqlDbType.Text);
        command = start is var (floor, replayedTo)
            ? command.With(floor, NpgsqlDbType.Bigint).With(replayedTo, NpgsqlDbType.Bigint)
            : command.WithNull(NpgsqlDbType.Bigint).WithNull(NpgsqlDbType.Bigint);
        command
            .With(ranges.Select(static range => range.First).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
            .With(ranges.Select(static range => range.Last).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
        return await database.WriteAsync(batch, Read, cancellationToken).ConfigureAwait(false);

        static StoredSubscription Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetString(1), row.GetString(2));
    }

    /// <summary>The same for one that is there; one that is not is not made.</summary>
    public async Task<(bool IsThere, Mismatch? Mismatch)> ContinueAsync(Declaration declared, CancellationToken cancellationToken) =>
        await BeginAsync(declared, start: null, cancellationToken).ConfigureAwait(false) is { } stored
            ? (true, FaultOf(declared, stored))
            : (false, null);

    private static Mismatch? FaultOf(Declaration declared, StoredSubscription stored) => ProblemOf(declared, stored) is { } problem
        ? new Mismatch(
            problem,
            InWords(stored.Version, stored.Partition, stored.Fingerprint),
            InWords(declared.Version, declared.Partition.Name, declared.Fingerprint))
        : null;

    private static string InWords(int version, string partition, string events) =>
        FormattableString.Invariant($"version {version}, by '{partition}', {events}");

    private static string? ProblemOf(Declaration declared, StoredSubscription stored) =>
        (stored.Version, stored.Fingerprint, stored.Partition) switch
        {
            var (_, _, partition) when partition != declared.Partition.Name =>
                $"its events are kept in order by '{partition}', and this process declares '{declared.Partition.Name}'. Events of one key "
                    + "would overtake each other.",
            var (version, _, _) when version > declared.Version =>
                $"version {version} has taken it over, and this process declares version {declared.Version}.",
            var (_, fingerprint, _) when fingerprint != declared.Fingerprint =>
                $"other processes handle {fingerprint}, and this one handles {declared.Fingerprint}, under the same version: events would "
                    + "be lost between them. Raise the version, so that this declaration takes the subscription over.",
            _ => null,
        };

    private sealed record StoredSubscription(int Version, string Fingerprint, string Partition);
}
