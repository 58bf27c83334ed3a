namespace FluentEventStore.Projections;

/// <summary>A version of a projection as the database knows it.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Version">The version.</param>
/// <param name="Slot">Which of its tables is kept.</param>
/// <param name="Building">Which of its tables is being built; <see langword="null"/> if none is.</param>
/// <param name="Ready">Whether it has been built, so that processes that declare it read it.</param>
/// <param name="Serves">Whether it is the version that reports read.</param>
/// <param name="ByCommand">Whether it is switched to by command alone.</param>
/// <param name="Inline">Whether units of work keep it: a later version is built beside it.</param>
internal sealed record ProjectionRow(
    string Name, int Version, int Slot, int? Building, bool Ready, bool Serves, bool ByCommand, bool Inline);
