namespace FluentEventStore;

/// <summary>Who holds a lock that the store waited for.</summary>
/// <param name="Pid">The server process; <see langword="null"/> if the transaction is prepared and waits for its second phase.</param>
/// <param name="UserName">The role that it is connected as; <see langword="null"/> if there is no process any more.</param>
/// <param name="ApplicationName">What its connection calls itself; <see langword="null"/> if there is none.</param>
/// <remarks>An operator can end it with <c>select pg_terminate_backend(pid)</c>.</remarks>
public sealed record LockHolder(int? Pid, string? UserName, string? ApplicationName)
{
    /// <summary>For the end of a sentence: <c>process 4711 (role app, application importer)</c>.</summary>
    public override string ToString() => (Pid, UserName) switch
    {
        (null, _) => "a prepared transaction",
        (_, null) => $"process {Pid}",
        _ => $"process {Pid} (role {UserName}{(ApplicationName is null ? "" : $", application {ApplicationName}")})",
    };
}
