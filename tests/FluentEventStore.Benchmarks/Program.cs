using System.Globalization;
using FluentEventStore.Benchmarks.Commands;
using FluentEventStore.Benchmarks.Contenders;

const string Usage = """
    compare [--quick] [--only TEXT] [--json FILE] [--with NAMES]     all contenders, in turns; with others too, as "Marten tuned,combined"
    scale [--to N]                                                   cost at 10,000, 100,000 … events (default: up to 1,000,000)
    startup [--runs N]                                               web applications, from start to first answer (default: 15 runs)
    contention [--seconds N]                                         writers beside a locked stream, and rivals for one (rounds of 3 s)
    parts                                                            what each promise costs in the server, in a statement of many units
    micro                                                            generated codecs against System.Text.Json
    generator [--events N]                                           a build and a keystroke with N events (default: 2,000)
    profile --row TEXT [--seconds N] [--contender NAME]              one row of one contender (default: ours, 30 s)
    """;

try
{
    Arguments arguments = Arguments.Parse(
        args, "--only", "--json", "--row", "--seconds", "--contender", "--to", "--with", "--events", "--runs");
    switch (arguments.Command)
    {
        case "compare":
            await CompareCommand.RunAsync(arguments["--only"], arguments.Has("--quick"), arguments["--with"], arguments["--json"]);
            return 0;
        case "scale":
            await ScaleCommand.RunAsync(long.Parse(arguments["--to"] ?? "1000000", CultureInfo.InvariantCulture));
            return 0;
        case "startup":
            await StartupCommand.RunAsync(int.Parse(arguments["--runs"] ?? "15", CultureInfo.InvariantCulture));
            return 0;
        case "contention":
            await ContentionCommand.RunAsync(TimeSpan.FromSeconds(int.Parse(arguments["--seconds"] ?? "3", CultureInfo.InvariantCulture)));
            return 0;
        case "parts":
            await PartsCommand.RunAsync();
            return 0;
        case "micro":
            MicroCommand.Run();
            return 0;
        case "generator":
            GeneratorCommand.Run(int.Parse(arguments["--events"] ?? "2000", CultureInfo.InvariantCulture));
            return 0;
        case "profile":
            await ProfileCommand.RunAsync(
                arguments["--row"] ?? "",
                arguments["--contender"] ?? Names.Ours,
                TimeSpan.FromSeconds(int.Parse(arguments["--seconds"] ?? "30", CultureInfo.InvariantCulture)));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}
