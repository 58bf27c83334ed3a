using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class AppendAnalyzerTests
{
    public static TheoryData<string, string> Bad => new()
    {
        { "events.Append(id, new Note());", "FES0040 at new Note(): 'Note' is not an event: mark it with [Event]" },
        { "events.StartStream(id, new Placed(), new Note());", "FES0040 at new Note(): 'Note' is not an event: mark it with [Event]" },
        { "events.StartStream<Order>(id, note);", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        { "events.Append(id, ExpectedVersion.NoStream, note);", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        { "events.Append(id, new object[] { new Placed(), note });", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        { "events.Append(id, new[] { note });", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        { "events.Append(id, new List<Note>());", "FES0040 at new List<Note>(): 'Note' is not an event: mark it with [Event]" },
        {
            "IEnumerable<object> all = [new Placed()]; events.Append(id, [.. all, note]);",
            "FES0040 at note: 'Note' is not an event: mark it with [Event]"
        },
        {
            "Note[] notes = []; events.Append(id, [new Placed(), .. notes]);",
            "FES0040 at notes: 'Note' is not an event: mark it with [Event]"
        },
        { "events.CompactStream(id, 3, note);", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        { "events.Append(id, new Base());", "FES0040 at new Base(): 'Base' is not an event: mark it with [Event]" },
        { "Point? point = null; events.Append(id, point!);", "FES0040 at point: 'Point?' is not an event: mark it with [Event]" },
        { "events.Append(id, \"placed\");", "FES0040 at \"placed\": 'string' is not an event: an event is a type marked with [Event]" },
        {
            "events.Append(id, new { Amount = 1 });",
            "FES0040 at new { Amount = 1 }: '<anonymous type: int Amount>' is not an event: an event is a type marked with [Event]"
        },
        {
            "events.Append(id, Guid.NewGuid());",
            "FES0040 at Guid.NewGuid(): 'System.Guid' is not an event: an event is a type marked with [Event]"
        },
        {
            "long version = 3; events.Append(id, version, new Placed());",
            "FES0040 at version: 'long' is not an event: give an expected version as ExpectedVersion.Exactly"
        },
        {
            "events.Append(id, 3, new Placed());",
            "FES0040 at 3: 'int' is not an event: give an expected version as ExpectedVersion.Exactly"
        },
        { "IEvent read = null!; events.Append(id, read);", "FES0040 at read: 'FluentEventStore.IEvent' is not an event: append its Data" },
        {
            "IReadOnlyList<IEvent<Placed>> read = []; events.Append(id, read);",
            "FES0040 at read: 'FluentEventStore.IEvent<Placed>' is not an event: append its Data"
        },
        {
            "List<Placed> more = []; events.Append(id, new Placed(), more);",
            "FES0040 at more: 'System.Collections.Generic.List<Placed>' is not an event: to append the events that it holds, "
                + "pass it alone or spread it"
        },
        {
            "List<Moved> more = []; events.Append(id, more);",
            "FES0040 at more: 'System.Collections.Generic.List<Moved>' is not an event: to append the events that it holds, "
                + "pass it alone or spread it"
        },
        {
            "System.Threading.Tasks.Task<Placed> task = null!; events.Append(id, task);",
            "FES0040 at task: 'System.Threading.Tasks.Task<Placed>' is not an event: await it"
        },
        { "IEventStream<Order> stream = null!; stream.Append(note);", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
        {
            "IEventBoundary<Order> boundary = null!; boundary.Append(id, note);",
            "FES0040 at note: 'Note' is not an event: mark it with [Event]"
        },
        { "_ = new ImportedEvent(id, 1, note) { Timestamp = default };", "FES0040 at note: 'Note' is not an event: mark it with [Event]" },
    };

    public static TheoryData<string> Good =>
    [
        "events.Append(id, new Placed());",
        "events.Append(id, ExpectedVersion.Exactly(3), new Placed(), new Moved(1));",
        "List<Placed> placed = []; events.Append(id, placed);",
        "events.Append(id, [new Placed(), new Moved(1)]);",
        "Moved[] moved = []; events.Append(id, moved.Cast<object>());",
        "Moved? moved = new Moved(1); events.Append(id, moved);",

        // Only running tells what it is.
        "object any = new Note(); events.Append(id, any);",
        "events.Append(id, (object)note);",
        "dynamic any = note; events.Append((StreamId)id, any);",
        "IAmount amount = null!; events.Append(id, amount);",
        "Base any = new Derived(); events.Append(id, any);",
        "IEnumerable<Base> any = []; events.Append(id, any);",
        "Abstract any = new Shipped(); events.Append(id, any);",
        "Add(new Placed()); void Add<T>(T any) where T : class => events.Append(id, any);",
        "Add(new Placed()); void Add<T>(params T[] any) where T : class => events.Append(id, any);",
        "events.Append(id, 1 > 0 ? new Placed() : new Derived());",
        "events.Append(id, null!);",

        // What takes no events.
        "events.LinkTo(id, new List<Guid>());",
        "events.TruncateStream(id, 3);",
    ];

    [Theory, MemberData(nameof(Bad))]
    public async Task Appending_what_cannot_be_an_event_is_reported(string code, string diagnostic) =>
        (await Analysis.RunAsync(Code(code))).Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task Appending_what_may_be_an_event_is_not_reported(string code) =>
        (await Analysis.RunAsync(Code(code))).Select(Analysis.Describe).ShouldBeEmpty();

    [Fact]
    public async Task A_type_of_the_source_is_marked() => (await Fixes.ApplyAsync(
        """
        namespace Shop;

        /// <summary>A note.</summary>
        public sealed record Note;

        public static class Writing
        {
            public static void Write(IEventOperations events) => events.Append("a", new Note());
        }
        """,
        "FES0040")).ShouldBe(
        """
        namespace Shop;

        /// <summary>A note.</summary>
        [Event("note")]
        public sealed record Note;

        public static class Writing
        {
            public static void Write(IEventOperations events) => events.Append("a", new Note());
        }
        """);

    [Fact]
    public async Task A_type_that_is_appended_twice_is_marked_once() => (await Fixes.ApplyToAllAsync(
        """
        public sealed record Note;

        public sealed record Text;

        public static class Writing
        {
            public static void Write(IEventOperations events) => events.Append("a", new Note(), new Note(), new Text());
        }
        """,
        "FES0040")).ShouldBe(
        """
        [Event("note")]
        public sealed record Note;

        [Event("text")]
        public sealed record Text;

        public static class Writing
        {
            public static void Write(IEventOperations events) => events.Append("a", new Note(), new Note(), new Text());
        }
        """);

    [Fact]
    public async Task An_expected_version_is_made_of_a_number() => (await Fixes.ApplyAsync(
        """
        [Event("placed")] public sealed record Placed;

        public static class Writing
        {
            public static void Write(IEventOperations events, long version) =>
                events.Append("a", version, new Placed());
        }
        """,
        "FES0040")).ShouldBe(
        """
        [Event("placed")] public sealed record Placed;

        public static class Writing
        {
            public static void Write(IEventOperations events, long version) =>
                events.Append("a", ExpectedVersion.Exactly(version), new Placed());
        }
        """);

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("3")]
    [InlineData("new Placed(), 3")]
    [InlineData("new { A = 1 }")]
    public async Task No_fix_is_offered_for_what_a_program_cannot_repair(string arguments) =>
        (await Fixes.OfferAsync(Code($"events.Append(id, {arguments});"), "FES0040")).ShouldBeEmpty();

    private static string Code(string statements) => $$"""
        [Event("placed")] public sealed record Placed;
        [Event("moved")] public readonly record struct Moved(int By);
        [Event("derived")] public sealed record Derived : Base;
        [Event("shipped")] public sealed record Shipped : Abstract, IAmount;
        public sealed record Note;
        public readonly record struct Point(int X);
        public record Base;
        public abstract record Abstract;
        public interface IAmount;
        [Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(Guid.Empty); }

        public static class Writing
        {
            public static void Write(IEventOperations events, Guid id, Note note)
            {
                {{statements}}
            }
        }
        """;
}
