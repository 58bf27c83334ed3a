using FluentEventStore.Aggregates;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Folds the events of a unit into what they concern, each time the unit is sent.</summary>
internal interface IInlineFolding
{
    /// <summary>The rows that may be written.</summary>
    IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows { get; }

    /// <summary>Whether events were read that cannot be decoded before keys are fetched.</summary>
    bool LacksKeys { get; }

    /// <summary>Takes what was fetched before, so that it need not be read.</summary>
    void Begin(FetchedSnapshots fetched);

    /// <summary>Adds the statements that read what is not there yet.</summary>
    /// <param name="batch">Takes them.</param>
    /// <param name="locks">
    /// Whether the transaction has locked the streams of the unit, and what is read is to be locked too. Then all is read anew.
    /// </param>
    /// <returns>How many statements.</returns>
    int AddReads(NpgsqlBatch batch, bool locks);

    /// <summary>Takes the results that <see cref="AddReads"/> asked for.</summary>
    /// <param name="rows">The results; <see langword="null"/> if none were asked for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task ReadAsync(NpgsqlDataReader? rows, CancellationToken cancellationToken);

    /// <summary>Fetches the keys that are not at hand.</summary>
    Task FetchKeysAsync(CancellationToken cancellationToken);

    /// <summary>Folds the events of the unit into what was read.</summary>
    /// <param name="payloads">Where the JSON of the snapshots is written to.</param>
    InlineChanges Fold(JsonWriter payloads);
}
