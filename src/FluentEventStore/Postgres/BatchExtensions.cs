using System.Runtime.CompilerServices;
using Npgsql;

namespace FluentEventStore.Postgres;

internal static class BatchExtensions
{
    extension(NpgsqlBatch batch)
    {
        /// <summary>Adds a statement with positional parameters, which the driver sends as it stands.</summary>
        public NpgsqlBatchCommand Add(string sql)
        {
            var command = new NpgsqlBatchCommand(sql);
            batch.BatchCommands.Add(command);
            return command;
        }

        /// <summary>
        /// Runs the batch up to its last result: the server commits only after it, and a failure to commit is reported only there.
        /// </summary>
        /// <param name="state">What <paramref name="read"/> is given.</param>
        /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
        /// <param name="cancellationToken">Cancels the statements.</param>
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public async ValueTask<TResult?> ReadToTheEndAsync<TState, TResult>(
            TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken)
        {
            var result = default(TResult);
            var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                do
                {
                    if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false) && read(rows, state) is { } value)
                        result = value;
                }
                while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));
            }

            return result;
        }
    }

    extension(NpgsqlBatchCommand command)
    {
        /// <summary>Adds the next positional parameter, without boxing.</summary>
        public NpgsqlBatchCommand With<T>(T value, NpgsqlTypes.NpgsqlDbType type)
        {
            command.Parameters.Add(Parameter(value, type));
            return command;
        }

        /// <summary>Adds the next positional parameter, which is NULL.</summary>
        public NpgsqlBatchCommand WithNull(NpgsqlTypes.NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type });
            return command;
        }

        /// <summary>Adds the next positional parameter: an array of values of a type, or NULL.</summary>
        public NpgsqlBatchCommand WithArray<T>(T[]? values, NpgsqlTypes.NpgsqlDbType type) => values is null
            ? command.WithNull(NpgsqlTypes.NpgsqlDbType.Array | type)
            : command.With(values, NpgsqlTypes.NpgsqlDbType.Array | type);

        /// <summary>Adds the next positional parameter: a text, or NULL.</summary>
        public NpgsqlBatchCommand WithText(string? value) => command.With(value, NpgsqlTypes.NpgsqlDbType.Text);
    }

    /// <summary>A positional parameter, without boxing.</summary>
    internal static NpgsqlParameter<T> Parameter<T>(T value, NpgsqlTypes.NpgsqlDbType type)
    {
        var parameter = new NpgsqlParameter<T> { TypedValue = value };
        if (!IsSaidBy<T>(type))
            parameter.NpgsqlDbType = type;

        return parameter;
    }

    /// <summary>
    /// Whether the driver takes values of a type as this type of the database anyway. If a parameter names its type, the driver looks it up
    /// each time; the type of the value itself costs nothing.
    /// </summary>
    private static bool IsSaidBy<T>(NpgsqlTypes.NpgsqlDbType type) => type switch
    {
        NpgsqlTypes.NpgsqlDbType.Text => typeof(T) == typeof(string),
        NpgsqlTypes.NpgsqlDbType.Bigint => typeof(T) == typeof(long),
        NpgsqlTypes.NpgsqlDbType.Integer => typeof(T) == typeof(int),
        NpgsqlTypes.NpgsqlDbType.Uuid => typeof(T) == typeof(Guid),
        NpgsqlTypes.NpgsqlDbType.TimestampTz => typeof(T) == typeof(DateTimeOffset),
        NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text => typeof(T) == typeof(string[]),
        NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint => typeof(T) == typeof(long[]),
        NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Integer => typeof(T) == typeof(int[]),
        NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid => typeof(T) == typeof(Guid[]),
        _ => false,
    };
}
