namespace FluentEventStore;

/// <summary>What an export wrote.</summary>
/// <param name="Events">How many events.</param>
/// <param name="UpTo">The position up to which the export holds all events that were asked for. The next export begins after it.</param>
/// <param name="Sha256">The SHA-256 over all lines but the last, as the last line names it: lower-case hexadecimal.</param>
public sealed record ExportReport(long Events, long UpTo, string Sha256);
