using GitHistory.History;

namespace GitHistory.Import;

/// <summary>An event and the stream of the file that it belongs to.</summary>
internal readonly record struct FileRecord(Guid File, IFileEvent Event);
