namespace FluentEventStore;

/// <summary>Settings of personal data.</summary>
public sealed class PrivacyOptions
{
    /// <summary>Where the keys of personal data are kept.</summary>
    /// <value>Default: <see langword="null"/>, the table <c>subject_keys</c> of the store.</value>
    public ISubjectKeys? SubjectKeys { get; set; }
}
