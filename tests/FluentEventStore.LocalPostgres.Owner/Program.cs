using FluentEventStore;

// A process that starts a server, says how to reach it, and waits to be killed or, at the end of its input, to end by itself without
// disposing.
var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataDirectory = args.FirstOrDefault() });
Console.WriteLine(postgres.ConnectionString);
await Console.In.ReadToEndAsync();
