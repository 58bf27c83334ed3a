using System.ComponentModel;

namespace FluentEventStore.Projections;

/// <summary>What all projections derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Projection
{
    private protected Projection()
    {
    }
}
