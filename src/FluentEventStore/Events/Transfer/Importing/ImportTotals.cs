namespace FluentEventStore.Events;

/// <summary>What an import has done so far.</summary>
internal sealed class ImportTotals(IProgress<TransferProgress>? progress)
{
    public long Imported { get; private set; }

    public long Skipped { get; private set; }

    public long LastPosition { get; private set; }

    /// <summary>The forgotten subjects that the events hold personal data of.</summary>
    public HashSet<(TenantId TenantId, SubjectId Subject)> Forgotten { get; } = [];

    public void Add(long imported, long skipped, long lastPosition)
    {
        Imported += imported;
        Skipped += skipped;
        LastPosition = Math.Max(LastPosition, lastPosition);
        progress?.Report(new TransferProgress(Imported, Skipped, LastPosition));
    }

    public ImportReport Report(string? sha256) =>
        new(Imported + Skipped, Imported, Skipped, LastPosition, sha256) { ForgottenSubjects = Forgotten.Count };
}
