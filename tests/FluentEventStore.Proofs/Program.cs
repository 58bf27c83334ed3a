using FluentEventStore.Proofs.Subscriptions;

// The proofs start themselves anew for processes that carry subscriptions and that they can kill.
return args is [WorkerProgram.Word, var connectionString, var schema]
    ? await WorkerProgram.RunAsync(connectionString, schema)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
