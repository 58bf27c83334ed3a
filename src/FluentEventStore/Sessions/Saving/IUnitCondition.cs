using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>
/// What a unit of work is written on condition of. Its statements come first in the batch, before anything is locked: if they refuse,
/// nothing of the unit was done, and nobody waited for it.
/// </summary>
internal interface IUnitCondition
{
    /// <summary>Called before anything is sent.</summary>
    /// <param name="bytes">About how many bytes of JSON the unit holds.</param>
    /// <exception cref="InvalidOperationException">They are too many.</exception>
    void CheckSize(long bytes);

    /// <summary>Adds the statements. One that refuses fails the whole unit.</summary>
    void AddTo(NpgsqlBatch batch);
}
