namespace FluentEventStore;

/// <summary>How events are imported.</summary>
public sealed class ImportOptions
{
    private const int MaxChunkSize = 100_000;

    /// <summary>The only tenant that is imported: an event of another one is refused.</summary>
    /// <value>
    /// Default: <see langword="null"/>, which is every tenant; if each tenant has a database of its own, the tenant of the database.
    /// </value>
    public TenantId? TenantId { get; set; }

    /// <summary>What to do if a file was exported without the keys of its personal data, and the store has none.</summary>
    /// <value>Default: <see cref="MissingKeys.Refuse"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the listed ones.</exception>
    public MissingKeys MissingKeys
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(MissingKeys), value, "There is no such choice.");

            field = value;
        }
    }

    /// <summary>How many events are written in one transaction. Readers of the log wait for it while it commits.</summary>
    /// <value>1 to 100,000. Default: 10,000. A chunk of large events ends earlier, at 32 MB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int ChunkSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxChunkSize);
            field = value;
        }
    } = 10_000;

    /// <summary>Gets the progress after each transaction.</summary>
    /// <value>Default: <see langword="null"/>, nobody.</value>
    public IProgress<TransferProgress>? Progress { get; set; }

    /// <summary>A copy, so that later changes by the caller have no effect.</summary>
    internal ImportOptions Copy() => (ImportOptions)MemberwiseClone();
}
