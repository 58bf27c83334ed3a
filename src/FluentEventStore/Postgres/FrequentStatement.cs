using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>
/// A statement that is sent often. Its batch and its parameters are made once and used by one call after the other; only the values change.
/// The driver keeps with them what it found out about their types.
/// </summary>
/// <typeparam name="TSource">Where the values come from.</typeparam>
/// <param name="sql">The statement.</param>
/// <param name="parameters">Its positional parameters.</param>
internal sealed class FrequentStatement<TSource>(string sql, IReadOnlyList<StatementParameter<TSource>> parameters)
{
    private readonly ConcurrentQueue<NpgsqlBatch> _idle = new();

    /// <summary>Adds the statement to a batch with others.</summary>
    public void AddTo(NpgsqlBatch batch, TSource source)
    {
        var command = batch.Add(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter.Create(source));
    }

    /// <summary>A batch of the statement alone. Nobody else uses it until it is given back.</summary>
    public NpgsqlBatch Take(TSource source)
    {
        if (!_idle.TryDequeue(out var batch))
        {
            batch = new NpgsqlBatch();
            AddTo(batch, source);
            return batch;
        }

        var values = batch.BatchCommands[0].Parameters;
        for (var index = 0; index < parameters.Count; index++)
            parameters[index].Set(values[index], source);

        return batch;
    }

    /// <summary>
    /// Gives back a batch whose statement has succeeded. A batch that failed or was cancelled is not given back: its connection may still
    /// be using it.
    /// </summary>
    public void GiveBack(NpgsqlBatch batch)
    {
        // Nothing of the call stays but what the driver prepared for its connection, until the next call takes another one.
        var values = batch.BatchCommands[0].Parameters;
        for (var index = 0; index < parameters.Count; index++)
            parameters[index].Clear(values[index]);

        batch.Connection = null;
        _idle.Enqueue(batch);
    }
}
