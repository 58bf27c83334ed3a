namespace FluentEventStore;

/// <summary>What an import does if a file holds personal data of subjects that have no key in the file or in the store.</summary>
public enum MissingKeys
{
    /// <summary>
    /// Nothing is imported, and the <see cref="ImportException"/> says how many they are. Bring the keys first, or export with them.
    /// </summary>
    Refuse,

    /// <summary>
    /// They are forgotten in the store, for good: their personal data reads as its replacement, and they never get a key. This makes copies
    /// without personal data, for tests and analyses.
    /// </summary>
    Forget,
}
