namespace FluentEventStore;

/// <summary>What an import did.</summary>
/// <param name="Events">How many events it was given: <paramref name="Imported"/> and <paramref name="Skipped"/>.</param>
/// <param name="Imported">How many events were written.</param>
/// <param name="Skipped">How many events were there already, with the same id, stream, version and type.</param>
/// <param name="LastPosition">The position of the last event written; 0 if there was none.</param>
/// <param name="Sha256">
/// Of a file: the SHA-256 over its lines, which was compared with its last one. <see langword="null"/> without a file.
/// </param>
public sealed record ImportReport(long Events, long Imported, long Skipped, long LastPosition, string? Sha256)
{
    /// <summary>
    /// How many subjects the events hold personal data of that nobody can read: they are forgotten in this store, were forgotten where the
    /// file comes from, or are among <see cref="SubjectsWithoutKey"/>.
    /// </summary>
    public long ForgottenSubjects { get; init; }

    /// <summary>
    /// How many subjects had a key neither in the file nor in the store, and are forgotten now, as <see cref="MissingKeys.Forget"/> asks.
    /// </summary>
    public long SubjectsWithoutKey { get; init; }
}
