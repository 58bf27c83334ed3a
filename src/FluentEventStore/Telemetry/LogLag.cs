namespace FluentEventStore.Telemetry;

/// <summary>How far readers of the log were behind when somebody looked last.</summary>
/// <param name="Positions">How many positions are held back.</param>
/// <param name="HeldBackFor">For how long the settled position has been kept where it is; zero if nobody keeps it.</param>
internal readonly record struct LogLag(long Positions, TimeSpan HeldBackFor);
