namespace FluentEventStore;

/// <summary>Forgets the subjects of personal data, and masks events that are recorded.</summary>
public interface IStorePrivacy
{
    /// <summary>
    /// Destroys the key of a subject. Its events stay; their personal data reads as its replacement from now on, in other processes after
    /// 60 seconds at most. There is no way back: the subject is never given a key again, and storing personal data of it throws
    /// <see cref="SubjectForgottenException"/>.
    /// </summary>
    /// <param name="subject">The subject of <see cref="TenantId.Default"/>: a <see cref="Guid"/>, a number or a text.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>
    /// What was done: look at it. <see cref="ForgetOutcome.NothingKnown"/> says that the tenant has nothing of such a subject, as for a
    /// mistyped id or another tenant. Forgetting twice does nothing.
    /// </returns>
    /// <remarks>Snapshots and documents that the application copied the data to are not changed.</remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke while forgetting: forget again.</exception>
    Task<ForgetReport> ForgetAsync(SubjectId subject, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ForgetAsync(SubjectId, CancellationToken)"/>
    /// <param name="subject">The subject: a <see cref="Guid"/>, a number or a text.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task<ForgetReport> ForgetAsync(SubjectId subject, TenantId tenantId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the rules of <see cref="PrivacyOptions.Mask"/> to the recorded events of a stream, whether it is archived or deleted, and
    /// also to those that were truncated but not scrubbed. There is no way back.
    /// </summary>
    /// <param name="streamId">The stream, of <see cref="TenantId.Default"/>.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    /// <returns>How many events were read and masked. What is masked already is not counted.</returns>
    /// <remarks>
    /// Each page of 500 events is a transaction of its own; after an interruption call it again. Events of an old shape are stored in the
    /// current one. Events that are appended meanwhile may be left out.
    /// </remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no rule.</exception>
    /// <exception cref="StreamNotFoundException">There is no such stream.</exception>
    /// <exception cref="EventMaskException">A rule failed.</exception>
    /// <exception cref="UnknownEventTypeException">
    /// The type of an event is not registered, so nobody knows whether a rule is for it.
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
    /// <param name="progress">Told what was done so far, after each page.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    Task<MaskReport> MaskAsync(
        StreamId streamId, TenantId tenantId, IProgress<MaskReport> progress, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies the rules of <see cref="PrivacyOptions.Mask"/> to all recorded events that pass a filter, of all tenants unless it names
    /// some, and of archived and deleted streams and truncated events too. There is no way back.
    /// </summary>
    /// <param name="filter">
    /// Which events are read. An empty one lets all pass. Where each tenant has a database of its own, it names one.
    /// </param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    /// <returns>How many events were read and masked. What is masked already is not counted.</returns>
    /// <remarks>
    /// Each page of 1,000 events is a transaction of its own; after an interruption call it again. Events that are appended meanwhile are
    /// left out.
    /// </remarks>
    /// <inheritdoc cref="MaskAsync(StreamId, CancellationToken)" path="/exception"/>
    Task<MaskReport> MaskAsync(EventFilter filter, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="MaskAsync(EventFilter, CancellationToken)"/>
    /// <param name="filter">
    /// Which events are read. An empty one lets all pass. Where each tenant has a database of its own, it names one.
    /// </param>
    /// <param name="progress">Told what was done so far, after each page.</param>
    /// <param name="cancellationToken">Ends the masking; what was masked stays masked.</param>
    Task<MaskReport> MaskAsync(EventFilter filter, IProgress<MaskReport> progress, CancellationToken cancellationToken = default);
}
