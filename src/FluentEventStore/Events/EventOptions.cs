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

    /// <summary>Whether <c>HardDeleteStream</c> may be called, which removes a stream and its events without a trace but a row in the audit.</summary>
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
    /// Registers the events, documents and aggregates of an assembly that was loaded at run time, a plug-in. Types of assemblies that are
    /// referenced when the application is compiled need no call.
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
