using System.Globalization;
using FluentEventStore.Benchmarks.Reporting;
using FluentEventStore.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>
/// Compiles many events without a generator, with this one, with one that writes almost nothing, and with that of System.Text.Json. Then
/// edits files as somebody does who types.
/// </summary>
internal static class GeneratorCommand
{
    private const int EventsOfAggregate = 10;
    private const int WarmUps = 3;
    private const int Rounds = 5;
    private const int Keystrokes = 50;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    public static void Run(int events)
    {
        CSharpCompilation compilation = Compile(events);
        Console.WriteLine(
            $"{events} events and {events} other files in one project. Milliseconds of the processor over {Rounds} builds and "
                + $"{Keystrokes} keystrokes.");

        var table = new Table("what", "first", "median", "least");
        CSharpCompilation contexts = compilation.AddSyntaxTrees(
            CSharpSyntaxTree.ParseText(SystemTextJsonGenerator.Contexts(events, EventsOfAggregate), Language, "Contexts.cs"));

        // The first build would pay for compiling the compiler itself.
        for (var round = 0; round < WarmUps; round++)
        {
            Build(compilation.Clone(), Ours);
        }

        Add(table, "build without a generator", Measure(Rounds, () => Emit(compilation.Clone())));
        Add(table, "build with the generator", Measure(Rounds, () => Build(compilation.Clone(), Ours)));
        Add(table, "  of that the generator itself", Measure(Rounds, () => Time(() => Driver(Ours).RunGenerators(compilation.Clone()))));
        Add(table, "build with a generator of empty codecs", Measure(Rounds, () => Build(compilation.Clone(), EmptyCodecs)));
        Add(table, "build with System.Text.Json's generator", Measure(Rounds, () => Build(contexts.Clone(), SystemTextJson)));
        Keystroke(table, compilation, Ours, "keystroke in a method of an unrelated file", "Other7.cs", "value + 1", "value + ");
        Keystroke(table, compilation, EmptyCodecs, "  with a generator of empty codecs", "Other7.cs", "value + 1", "value + ");
        Keystroke(table, compilation, Ours, "new member in an unrelated file", "Other7.cs", "// member", "public static int Added");
        Keystroke(table, compilation, Ours, "keystroke in a comment beside an event", "Event7.cs", "// comment", "// comment ");
        Keystroke(table, compilation, Ours, "new property of an event", "Event7.cs", "/* property */", ", int Added");
        table.Print(Console.Out);
    }

    private static FluentEventStoreGenerator Ours() => new();

    private static EmptyCodecGenerator EmptyCodecs() => new();

    private static IIncrementalGenerator SystemTextJson() => SystemTextJsonGenerator.Load();

    private static void Keystroke(
        Table table,
        CSharpCompilation compilation,
        Func<IIncrementalGenerator> generator,
        string name,
        string path,
        string before,
        string after)
    {
        SyntaxTree tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == path);
        var text = tree.GetText().ToString();
        GeneratorDriver driver = Driver(generator).RunGenerators(compilation);
        var count = 0;
        Add(table, name, Measure(Keystrokes, () =>
        {
            var edited = text.Replace(before, after + (count++).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            SyntaxTree next = tree.WithChangedText(SourceText.From(edited));
            compilation = compilation.ReplaceSyntaxTree(tree, next);
            tree = next;
            return Time(() => driver = driver.RunGenerators(compilation));
        }));
    }

    private static TimeSpan Emit(Compilation compilation) => Time(() =>
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(
                string.Join('\n', result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
    });

    private static TimeSpan Build(Compilation compilation, Func<IIncrementalGenerator> generator) => Time(() =>
    {
        Driver(generator).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        Emit(compilation);
    });

    private static CSharpGeneratorDriver Driver(Func<IIncrementalGenerator> generator) =>
        CSharpGeneratorDriver.Create([generator().AsSourceGenerator()], parseOptions: Language);

    // Processor time: what other processes do meanwhile does not count.
    private static TimeSpan Time(Action operation)
    {
        TimeSpan started = Environment.CpuUsage.TotalTime;
        operation();
        return Environment.CpuUsage.TotalTime - started;
    }

    private static List<TimeSpan> Measure(int rounds, Func<TimeSpan> operation) =>
        [.. Enumerable.Range(0, rounds).Select(_ => operation())];

    private static void Add(Table table, string name, List<TimeSpan> times)
    {
        TimeSpan first = times[0];
        times.Sort();
        table.Add(name, Milliseconds(first), Milliseconds(times[times.Count / 2]), Milliseconds(times[0]));
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("#,##0.0", CultureInfo.InvariantCulture);

    private static CSharpCompilation Compile(int events)
    {
        var files = new List<(string Path, string Text)>();
        for (var number = 0; number < events; number++)
        {
            var room = number / EventsOfAggregate;
            if (number % EventsOfAggregate == 0)
                files.Add(($"Aggregate{room}.cs", Aggregate(room)));

            files.Add(($"Event{number}.cs", Event(room, number)));
            files.Add(($"Other{number}.cs", Other(number)));
        }

        return CSharpCompilation.Create(
            "Shop",
            files.Select(static file => CSharpSyntaxTree.ParseText(SourceText.From(file.Text), Language, file.Path)),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string Event(int room, int number) => $$"""
        using System;
        using System.Collections.Generic;
        using FluentEventStore;

        namespace Shop.Room{{room}};

        // comment
        [Event]
        public sealed record Happened{{number}}(
            Guid OrderId,
            string Customer,
            string? Note,
            decimal Amount,
            IReadOnlyList<Line> Lines,
            Kind Kind,
            DateTimeOffset At/* property */);
        """;

    private static string Aggregate(int room)
    {
        var methods = Enumerable.Range(room * EventsOfAggregate, EventsOfAggregate).Select(static number => $$"""
                public Order Apply(Happened{{number}} e) => this with { Total = Total + e.Amount };
            """);
        return $$"""
            using System;
            using FluentEventStore;

            namespace Shop.Room{{room}};

            public enum Kind { Normal, Express }

            public sealed record Line(string Product, int Quantity, decimal Price);

            [Aggregate("order{{room}}")]
            public sealed partial record Order(Guid Id, decimal Total)
            {
                public static Order Create(Happened{{room * EventsOfAggregate}} e) => new(e.OrderId, e.Amount);
            {{string.Join('\n', methods.Skip(1))}}
            }
            """;
    }

    private static string Other(int number) => $$"""
        namespace Shop.Others;

        public static class Other{{number}}
        {
            public static int Next(int value) => value + 1;
            // member
        }
        """;

    private static IEnumerable<MetadataReference> References() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .Where(static path => !Path.GetFileNameWithoutExtension(path).EndsWith(".Native", StringComparison.Ordinal))
            .Append(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "netstandard.dll"))
            .Append(typeof(EventAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path));
}
