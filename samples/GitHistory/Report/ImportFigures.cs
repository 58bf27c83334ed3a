namespace GitHistory.Report;

/// <summary>What one run found and did.</summary>
/// <param name="TotalCommits">How many commits HEAD's history has.</param>
/// <param name="NewCommits">How many of them were imported.</param>
/// <param name="NewEvents">How many events were written.</param>
/// <param name="Elapsed">How long it took.</param>
internal readonly record struct ImportFigures(int TotalCommits, int NewCommits, int NewEvents, TimeSpan Elapsed)
{
    public long EventsPerSecond => Elapsed > TimeSpan.Zero ? (long)(NewEvents / Elapsed.TotalSeconds) : 0;
}
