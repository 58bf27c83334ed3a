namespace FluentEventStore;

/// <summary>What forgetting a subject did.</summary>
public enum ForgetOutcome
{
    /// <summary>
    /// There was no key: nothing of the subject was stored in the tenant, and from now on nothing can be. Check that it is the right
    /// subject and the right tenant.
    /// </summary>
    NothingKnown,

    /// <summary>The key was destroyed.</summary>
    Forgotten,

    /// <summary>The key was destroyed before. Nothing was done.</summary>
    ForgottenBefore,
}
