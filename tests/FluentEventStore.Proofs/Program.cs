using FluentEventStore.Proofs.Outbox;
using FluentEventStore.Proofs.Projections;
using FluentEventStore.Proofs.Subscriptions;

// The proofs start themselves anew for processes that carry subscriptions or send messages and that they can kill.
return args switch
{
    [WorkerProgram.Word, var connectionString, var schema] => await WorkerProgram.RunAsync(connectionString, schema),
    [SenderProgram.Word, var connectionString, var schema] => await SenderProgram.RunAsync(connectionString, schema),
    [ViewProgram.Word, var connectionString, var schema] => await ViewProgram.RunAsync(connectionString, schema),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
