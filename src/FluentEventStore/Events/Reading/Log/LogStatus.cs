using System.Globalization;
using System.Text;

namespace FluentEventStore;

/// <summary>How far the log goes, how far it may be read, and what keeps the two apart.</summary>
/// <param name="LastPosition">The last position that was handed out, even if no event has it. On a standby: the settled position.</param>
/// <param name="SettledPosition">The position of the last settled event, up to which readers get events; 0 if there is none.</param>
/// <param name="HeldBackBy">
/// The transactions that keep readers from going on, the lowest position first. Empty if nobody is appending.
/// </param>
/// <param name="IsStandby">Whether the server is a standby. There the log is read up to the position that the primary stored last.</param>
/// <param name="Warnings">Sentences about settings that are allowed but risky.</param>
public sealed record LogStatus(
    long LastPosition, long SettledPosition, IReadOnlyList<LogBlocker> HeldBackBy, bool IsStandby, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// Who holds the lock that writers need, so that no append goes on. The store itself never holds it. Empty if nobody does.
    /// </summary>
    /// <value>An operator can end them with <c>select pg_terminate_backend(pid)</c>; see also <see cref="LogLockedException"/>.</value>
    public IReadOnlyList<LockHolder> WritersHeldBackBy { get; init; } = [];

    /// <summary>All of it in one line, for a log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture, $"Settled up to {SettledPosition} of {LastPosition}{(IsStandby ? ", on a standby" : "")}");
        text.Append(HeldBackBy.Count > 0 ? $"; held back by {string.Join(", ", HeldBackBy)}" : "; held back by nobody");
        if (WritersHeldBackBy.Count > 0)
            text.Append("; writers held back by ").AppendJoin(", ", WritersHeldBackBy);

        foreach (var warning in Warnings)
            text.Append("; ").Append(warning);

        return text.ToString();
    }
}
