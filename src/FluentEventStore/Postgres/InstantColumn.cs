using Npgsql;

namespace FluentEventStore.Postgres;

internal static class InstantColumn
{
    // The server counts microseconds from here.
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    extension(NpgsqlDataReader rows)
    {
        /// <summary>
        /// The instant of a <c>timestamptz</c> column of the current row, in UTC. It is read as the number that the server sends, because
        /// the driver's conversion depends on a switch of the process and on its time zone.
        /// </summary>
        public DateTimeOffset GetInstant(int column) => rows.GetFieldValue<long>(column) switch
        {
            long.MaxValue => DateTimeOffset.MaxValue,
            long.MinValue => DateTimeOffset.MinValue,
            var microseconds => Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond),
        };

        /// <summary>A <c>timestamptz</c> column of the current row, in microseconds since 1970.</summary>
        public long GetMicroseconds(int column) =>
            rows.GetFieldValue<long>(column) + ((Epoch - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    extension(DateTimeOffset instant)
    {
        /// <summary>
        /// The number that a <c>timestamptz</c> column keeps for an instant. The driver would turn the first and the last instant into
        /// infinity, which sorts and counts differently.
        /// </summary>
        public long ToColumn() => (instant.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
    }
}
