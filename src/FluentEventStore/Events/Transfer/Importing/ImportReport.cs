namespace FluentEventStore;

/// <summary>What an import did.</summary>
/// <param name="Events">How many events it was given: <paramref name="Imported"/> and <paramref name="Skipped"/>.</param>
/// <param name="Imported">How many events were written.</param>
/// <param name="Skipped">How many events were there already, with the same id, stream, version and type.</param>
/// <param name="LastPosition">The position of the last event written; 0 if there was none.</param>
/// <param name="Sha256">
/// Of a file: the SHA-256 over its lines, which equals the one in its last line. <see langword="null"/> without a file.
/// </param>
public sealed record ImportReport(long Events, long Imported, long Skipped, long LastPosition, string? Sha256)
{
    /// <summary>
    /// How many subjects have personal data in the events that nobody can read. They are forgotten in this store, were forgotten in the
    /// exported one, or are among <see cref="SubjectsWithoutKey"/>.
    /// </summary>
    public long ForgottenSubjects { get; init; }

    /// <summary>
    /// How many subjects had no key in the file or in the store, and were forgotten because of <see cref="MissingKeys.Forget"/>.
    /// </summary>
    public long SubjectsWithoutKey { get; init; }
}
