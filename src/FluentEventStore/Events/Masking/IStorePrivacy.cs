namespace FluentEventStore;

/// <summary>Forgets the subjects of personal data, and masks events that are recorded.</summary>
public interface IStorePrivacy
{
    /// <summary>
    /// Destroys the key of a subject. Its events stay; their personal data reads as its replacement from now on, in other processes after
    /// 60 seconds at most. This cannot be undone: the subject never gets a key again, and storing its personal data throws
    /// <see cref="SubjectForgottenException"/>.
    /// </summary>
    /// <param name="subject">The subject of <see cref="TenantId.Default"/>: a <see cref="Guid"/>, a number or a text.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>
    /// What was done: look at it. <see cref="ForgetOutcome.NothingKnown"/> means that the tenant knows no such subject; the id may be
    /// mistyped, or the tenant the wrong one. Forgetting twice does nothing.
    /// </returns>
    /// <remarks>Snapshots and documents to which the application copied the data are not changed.</remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke while forgetting: forget again.</exception>
    Task<ForgetReport> ForgetAsync(SubjectId subject, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ForgetAsync(SubjectId, CancellationToken)"/>
    /// <param name="subject">The subject: a <see cref="Guid"/>, a number or a text.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task<ForgetReport> ForgetAsync(SubjectId subject, TenantId tenantId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the rules of <see cref="PrivacyOptions.Mask"/> to the recorded events of a stream, even if it is archived or deleted. Events
    /// that were truncated but not scrubbed yet are masked too. This cannot be undone.
    /// </summary>
    /// <param name="streamId">The stream, of <see cref="TenantId.Default"/>.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    /// <returns>How many events were read, and how many were masked. Those that are masked already are only read.</returns>
    /// <remarks>
    /// Each page of 500 events is a transaction of its own; after an interruption, call it again. Events of an old shape are stored in the
    /// current one. Events that are appended meanwhile may be left out.
    /// </remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no rule.</exception>
    /// <exception cref="StreamNotFoundException">There is no such stream.</exception>
    /// <exception cref="EventMaskException">A rule failed.</exception>
    /// <exception cref="UnknownEventTypeException">
    /// The type of an event is not registered, so it is unknown whether a rule is for it.
    /// </exception>
    /// <exception cref="EventSerializationException">The JSON of an event does not fit its type.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke while writing: mask again.</exception>
    Task<MaskReport> MaskAsync(StreamId streamId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="MaskAsync(StreamId, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    Task<MaskReport> MaskAsync(StreamId streamId, TenantId tenantId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="MaskAsync(StreamId, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="progress">Gets what was done so far, after each page.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    Task<MaskReport> MaskAsync(
        StreamId streamId, TenantId tenantId, IProgress<MaskReport> progress, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the rules of <see cref="PrivacyOptions.Mask"/> to all recorded events that pass a filter: those of all tenants unless it
    /// names some, of archived and deleted streams too, and truncated ones. This cannot be undone.
    /// </summary>
    /// <param name="filter">
    /// Which events are read. An empty filter lets all pass. If each tenant has a database of its own, the filter must name one tenant.
    /// </param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    /// <returns>How many events were read, and how many were masked. Those that are masked already are only read.</returns>
    /// <remarks>
    /// Each page of 1,000 events is a transaction of its own; after an interruption, call it again. Events that are appended meanwhile are
    /// left out.
    /// </remarks>
    /// <inheritdoc cref="MaskAsync(StreamId, CancellationToken)" path="/exception"/>
    Task<MaskReport> MaskAsync(EventFilter filter, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="MaskAsync(EventFilter, CancellationToken)"/>
    /// <param name="filter">
    /// Which events are read. An empty filter lets all pass. If each tenant has a database of its own, the filter must name one tenant.
    /// </param>
    /// <param name="progress">Gets what was done so far, after each page.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    Task<MaskReport> MaskAsync(EventFilter filter, IProgress<MaskReport> progress, CancellationToken cancellationToken = default);
}
