using System.Reflection;
using System.Runtime.CompilerServices;

namespace FluentEventStore;

/// <summary>Settings of events.</summary>
public sealed class EventOptions
{
    private readonly OptionsUse _use = new();

    /// <summary>How units of work that are saved at the same time are written together.</summary>
    public GroupCommitOptions GroupCommit { get; } = new();

    /// <summary>How much of which streams is kept when the store is scrubbed.</summary>
    public RetentionOptions Retention { get; } = new();

    /// <summary>
    /// Whether <c>HardDeleteStream</c> may be called. It removes a stream and its events; only a row in the audit remains.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowHardDelete
    {
        get;
        set
        {
            _use.Check();
            field = value;
        }
    }

    /// <summary>
    /// Whether processes tell each other of new events, so that followers of the log get those of other processes within milliseconds: by
    /// <c>NOTIFY</c> after a commit that follows a pause, and by <c>LISTEN</c> on one more connection while somebody follows. Without it
    /// followers look at the log at a pace; none misses an event either way.
    /// </summary>
    /// <value>
    /// Default: <see langword="true"/>. <see cref="EventStoreOptions.PgBouncer"/> and a data source of the application with a pool of fewer
    /// than ten connections turn listening off; a pool of fewer than ten, whosever it is, turns telling off.
    /// </value>
    public bool Notifications
    {
        get;
        set
        {
            _use.Check();
            field = value;
        }
    } = true;

    /// <summary>
    /// How many bytes the JSON of an event may have. Saving a larger one throws <see cref="EventTooLargeException"/>; larger ones that are
    /// stored already are read as before.
    /// </summary>
    /// <value>At least 1. Default: <see langword="null"/>, no limit but that of <c>jsonb</c>, 256 MB.</value>
    /// <remarks>Readers hold an event in memory several times over while they decode it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MaxBytesOfEvent
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(MaxBytesOfEvent));
            _use.Check();
            field = value;
        }
    }

    /// <summary>
    /// Registers the events, documents and aggregates of an assembly that was loaded at run time, a plug-in. Assemblies that the
    /// application references when it is compiled need no call.
    /// </summary>
    /// <exception cref="InvalidOperationException">A type of the assembly has a name that another type has.</exception>
    public EventOptions AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        return this;
    }

    internal void Freeze()
    {
        _use.Begin();
        GroupCommit.Freeze();
        Retention.Freeze();
    }
}
