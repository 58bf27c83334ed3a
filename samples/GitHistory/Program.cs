using GitHistory;

using var stop = new StopSignal();
return await GitHistoryProgram.RunAsync(args, Console.Out, Console.Error, stop.Token);
