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
    }

    extension(NpgsqlBatchCommand command)
    {
        /// <summary>Adds the next positional parameter, without boxing.</summary>
        public NpgsqlBatchCommand With<T>(T value, NpgsqlTypes.NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
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
        public NpgsqlBatchCommand WithText(string? value) =>
            value is null ? command.WithNull(NpgsqlTypes.NpgsqlDbType.Text) : command.With(value, NpgsqlTypes.NpgsqlDbType.Text);
    }
}
