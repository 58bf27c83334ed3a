using FluentEventStore.Aggregates;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Folds the events of a unit into the snapshots that they concern, each time the unit is sent.</summary>
internal interface IInlineFolding
{
    /// <summary>The rows that may be written.</summary>
    IReadOnlyList<(Type DocumentType, DocumentId Id)> Rows { get; }

    /// <summary>Whether events were read that cannot be decoded before keys are fetched.</summary>
    bool LacksKeys { get; }

    /// <summary>Takes what was fetched before, or reads it in one round trip, with the keys that it needs.</summary>
    /// <param name="fetched">What the session fetched so far.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task ReadAsync(FetchedSnapshots fetched, CancellationToken cancellationToken);

    /// <summary>Adds the statements that read the snapshots.</summary>
    /// <returns>How many statements.</returns>
    int AddReads(NpgsqlBatch batch);

    /// <summary>Takes the results that <see cref="AddReads"/> asked for, in place of what was read before.</summary>
    Task ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken);

    /// <summary>Fetches the keys that are not at hand.</summary>
    Task FetchKeysAsync(CancellationToken cancellationToken);

    /// <summary>Folds the events of the unit into what was read.</summary>
    /// <param name="payloads">Where the JSON of the snapshots is written to.</param>
    InlineChanges Fold(JsonWriter payloads);
}
