using FluentEventStore;

// A process that starts a server and says how to reach it. Then it waits to be killed, or for the end of its input: there it ends without
// disposing.
var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataDirectory = args.FirstOrDefault() });
Console.WriteLine(postgres.ConnectionString);
await Console.In.ReadToEndAsync();
