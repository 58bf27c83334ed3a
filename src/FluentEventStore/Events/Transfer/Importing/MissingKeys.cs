namespace FluentEventStore;

/// <summary>
/// What an import does where a file holds personal data of subjects that have a key neither in the file nor in the store.
/// </summary>
public enum MissingKeys
{
    /// <summary>
    /// Nothing is imported, and the <see cref="ImportException"/> says how many there are: bring the keys first, or export with them.
    /// </summary>
    Refuse,

    /// <summary>
    /// They are forgotten in the store, for good: their personal data reads as its replacement, and they are never given a key. So a copy
    /// holds no personal data, for tests and analyses.
    /// </summary>
    Forget,
}
