namespace FluentEventStore;

/// <summary>How far an import is; reported after each transaction.</summary>
/// <param name="Imported">How many events were written.</param>
/// <param name="Skipped">How many events were there already.</param>
/// <param name="LastPosition">The position of the last event written; 0 if there was none.</param>
public readonly record struct TransferProgress(long Imported, long Skipped, long LastPosition);
