using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>A part of a unit of work as it is sent.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Add">Adds its statements to the batch; none if the unit has no such part.</param>
internal sealed record UnitStage(string Name, Action<NpgsqlBatch, SentUnit> Add);
