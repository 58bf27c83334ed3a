namespace FluentEventStore;

/// <summary>Which events are exported. By default: all.</summary>
public sealed class ExportOptions
{
    /// <summary>
    /// Only the events of this stream. Its tenant is <see cref="TenantId"/>, or else the default tenant; if each tenant has a database of
    /// its own, the tenant of the database.
    /// </summary>
    /// <value>Default: <see langword="default"/>, which is all streams.</value>
    public StreamId StreamId { get; set; }

    /// <summary>Only the events of streams whose ids begin with this text, compared by its characters.</summary>
    /// <value>Default: <see langword="null"/>, which is all streams.</value>
    /// <exception cref="ArgumentException">The text is empty or holds NUL or a lone surrogate.</exception>
    public string? StreamPrefix
    {
        get;
        set
        {
            if (value is not null)
                StorableText.CheckKey(value, "prefix of stream ids", StreamId.MaxLength);

            field = value;
        }
    }

    /// <summary>Only the events of this tenant.</summary>
    /// <value>
    /// Default: <see langword="null"/>, which is all tenants; if each tenant has a database of its own, the tenant of the database.
    /// </value>
    public TenantId? TenantId { get; set; }

    /// <summary>Whether the file holds the keys of its personal data, so that another store can read that data.</summary>
    /// <value>
    /// Default: <see langword="false"/>. With keys, whoever has the file can read all of it, and forgetting does not reach it. Keep it like
    /// the data itself, and delete it soon.
    /// </value>
    public bool IncludeKeys { get; set; }

    /// <summary>Only events after this position: <see cref="ExportReport.UpTo"/> of the export that this one continues.</summary>
    /// <value>0 or more. Default: 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long After
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Only events up to this position.</summary>
    /// <value>0 or more. Default: <see langword="null"/>, which is as far as the log is settled when the export begins.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? UpTo
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(UpTo));
            field = value;
        }
    }

    /// <summary>A copy, so that later changes by the caller have no effect.</summary>
    /// <param name="tenantId">The tenant whose database it is; <see langword="null"/> if all tenants share it.</param>
    internal ExportOptions CopyFor(TenantId? tenantId)
    {
        var copy = (ExportOptions)MemberwiseClone();
        copy.TenantId ??= tenantId;
        if (!StreamId.IsDefault)
            copy.TenantId ??= FluentEventStore.TenantId.Default;

        return copy;
    }
}
