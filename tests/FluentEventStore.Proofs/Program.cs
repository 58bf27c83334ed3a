using FluentEventStore.Proofs.Projections;
using FluentEventStore.Proofs.Subscriptions;

// The proofs start themselves anew for processes that carry subscriptions and that they can kill.
return args switch
{
    [WorkerProgram.Word, var connectionString, var schema] => await WorkerProgram.RunAsync(connectionString, schema),
    [ViewProgram.Word, var connectionString, var schema] => await ViewProgram.RunAsync(connectionString, schema),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
