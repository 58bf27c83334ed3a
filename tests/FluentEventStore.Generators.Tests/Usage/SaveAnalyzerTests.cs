using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class SaveAnalyzerTests
{
    public const string Id = "FES0047";

    private const string Message = "SaveChangesAsync is not awaited: nobody learns whether anything was saved";

    public static TheoryData<string, string> Bad => new()
    {
        { "async Task M() { await Task.Yield(); session.SaveChangesAsync(); }", "session.SaveChangesAsync()" },
        { "async Task M() { await Task.Yield(); _ = session.SaveChangesAsync(default); }", "session.SaveChangesAsync(default)" },
        { "async Task M() { await Task.Yield(); session.SaveChangesAsync().ConfigureAwait(false); }", "session.SaveChangesAsync()" },
        { "void M() { session.SaveChangesAsync(); }", "session.SaveChangesAsync()" },
        { "void M() => session.SaveChangesAsync();", "session.SaveChangesAsync()" },
        { "void M() { session?.SaveChangesAsync(); }", ".SaveChangesAsync()" },
        { "void M() { Action later = () => session.SaveChangesAsync(); later(); }", "session.SaveChangesAsync()" },
        { "void M() { var saving = session.SaveChangesAsync(); }", "session.SaveChangesAsync()" },
        { "void M() { var saving = session.SaveChangesAsync(); session.Store(new Other()); }", "session.SaveChangesAsync()" },
        { "void M() { Action later = () => { _ = session.SaveChangesAsync(); }; later(); }", "session.SaveChangesAsync()" },
    };

    public static TheoryData<string> Good =>
    [
        "async Task M() { await session.SaveChangesAsync(); }",
        "async Task M() { await session.SaveChangesAsync().ConfigureAwait(false); }",
        "async Task M() { _ = await session.SaveChangesAsync(); }",
        "async Task M() { var saving = session.SaveChangesAsync(); await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); await saving; session.Store(new Other()); }",
        "async Task M() { var saving = session.SaveChangesAsync(); await Task.WhenAll(saving, Task.CompletedTask); session.Store(new "
            + "Other()); }",
        "async Task M() { var saving = session.SaveChangesAsync(); Console.WriteLine(session is null); await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); Func<Task> wait = async () => await saving; await wait(); "
            + "session.Store(new Other()); }",
        "async Task M() { var saving = session.SaveChangesAsync(); Func<Task> later = () => session.LoadAsync<Other>(\"a\"); await "
            + "saving; await later(); }",
        "async Task M() { var other = session; var saving = session.SaveChangesAsync(); session = null!; session = other; await saving; }",
        "async Task M() { Task saving = Task.CompletedTask; for (var i = 0; i < 3; i++) { await saving; session.Store(new Other()); "
            + "saving = session.SaveChangesAsync(); } await saving; }",
        "async Task M() { await session.SaveChangesAsync(); goto again; again: session.Store(new Other()); await "
            + "session.SaveChangesAsync(); }",
        "async Task M() { var s = session; s = null!; var saving = session.SaveChangesAsync(); s.Store(new Other()); await saving; }",
        "async Task M() { var s = session; var events = session.Events; var saving = s.SaveChangesAsync(); await saving; "
            + "events.Append(\"a\", new Other()); await s.SaveChangesAsync(); }",
        "Task M() => session.SaveChangesAsync();",
        "Task M() { return session.SaveChangesAsync(); }",
        "async Task M() { Func<Task> later = () => session.SaveChangesAsync(); await later(); }",
        "async Task M() { await Task.WhenAll(session.SaveChangesAsync(), Task.CompletedTask); }",
        "void M() { session.SaveChangesAsync().GetAwaiter().GetResult(); }",
        "void M() { other.SaveChangesAsync(); }",
    ];

    public static TheoryData<string> UsedAgain =>
    [
        "async Task M() { var s = session; var saving = session.SaveChangesAsync(); s.Store(new Other()); await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); var s = session; s.Events.Append(\"a\", new Other()); await saving; }",
        "async Task M() { var s = session; IDocumentSession t = s; var saving = session.SaveChangesAsync(); Use(t); await saving; }",
        "async Task M() { var events = session.Events; var saving = session.SaveChangesAsync(); events.Append(\"a\", new Other()); await "
            + "saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); session.Store(new Other()); await saving; }",
        "async Task M() { Task<Commit> saving = session.SaveChangesAsync(); session.Events.Append(\"a\", new Other()); await saving; }",
        "async Task M() { Task<Commit> saving; saving = session.SaveChangesAsync(); if (DateTime.Now.Year > 2000) { await "
            + "session.LoadAsync<Other>(\"a\"); } await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); Use(session); await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); await Task.WhenAll(session.LoadAsync<Other>(\"a\"), saving); }",
        "async Task M() { var saving = session.SaveChangesAsync().ConfigureAwait(false); session.CorrelationId = \"a\"; await saving; }",
        "async Task M() { var saving = session.SaveChangesAsync(); await session.DisposeAsync(); await saving; }",
        "Task M() { var saving = session.SaveChangesAsync(); session.Store(new Other()); return saving; }",
        "async Task M() { saved = session.SaveChangesAsync(); session.Store(new Other()); await saved; }",
        "async Task M() { if (DateTime.Now.Year > 2000) { var saving = session.SaveChangesAsync(); session.Store(new Other()); await "
            + "saving; } }",
    ];

    [Theory, MemberData(nameof(UsedAgain))]
    public async Task A_task_that_is_awaited_after_the_next_use_of_the_session_is_reported(string method)
    {
        (await Analysis.RunAsync(Code(method))).Select(Analysis.Describe).ShouldBe(
            [$"{Id} at session.SaveChangesAsync(): SaveChangesAsync is not awaited: 'session' is used again while it is being saved, "
                + "which is refused"]);
        (await Fixes.OfferAsync(Code(method), Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_in_a_field_is_seen_too() =>
        (await Analysis.RunAsync("""
            using System.Threading.Tasks;
            public class Saving(IDocumentSession session)
            {
                private readonly IDocumentSession _session = session;
                public async Task M() { var saving = _session.SaveChangesAsync(); _session.CorrelationId = "a"; await saving; }
            }
            """)).ShouldHaveSingleItem().Id.ShouldBe(Id);

    [Theory, MemberData(nameof(Bad))]
    public async Task A_dropped_task_is_reported(string method, string place) =>
        (await Analysis.RunAsync(Code(method))).Select(Analysis.Describe).ShouldBe([$"{Id} at {place}: {Message}"]);

    [Theory, MemberData(nameof(Good))]
    public async Task A_task_that_is_used_is_not_reported(string method) =>
        (await Analysis.RunAsync(Code(method))).Select(Analysis.Describe).ShouldBeEmpty();

    [Theory]
    [InlineData("async Task M() { session.SaveChangesAsync(); }", "async Task M() { await session.SaveChangesAsync(); }")]
    [InlineData(
        "async Task M() { _ = session.SaveChangesAsync(default); /* all */ }",
        "async Task M() { await session.SaveChangesAsync(default); /* all */ }")]
    [InlineData(
        "async Task M() { session.SaveChangesAsync().ConfigureAwait(false); }",
        "async Task M() { await session.SaveChangesAsync().ConfigureAwait(false); }")]
    [InlineData(
        "void M() { Action a = async () => session.SaveChangesAsync(); a(); }",
        "void M() { Action a = async () => await session.SaveChangesAsync(); a(); }")]
    [InlineData(
        "void M() { L(); async void L() { session.SaveChangesAsync(); } }",
        "void M() { L(); async void L() { await session.SaveChangesAsync(); } }")]
    public async Task The_fix_awaits_the_task_where_that_is_possible(string before, string after) =>
        (await Fixes.ApplyAsync(Code(before), Id)).ShouldBe(Code(after));

    [Theory]
    [InlineData("void M() { session.SaveChangesAsync(); }")]
    [InlineData("async Task M() { Action later = () => session.SaveChangesAsync(); await Task.Yield(); later(); }")]
    [InlineData("async Task M() { await Task.Yield(); session?.SaveChangesAsync(); }")]
    public async Task No_fix_is_offered_where_await_is_invalid(string method) => (await Fixes.OfferAsync(Code(method), Id)).ShouldBeEmpty();

    [Fact]
    public async Task The_statements_of_a_program_can_await() =>
        (await Fixes.ApplyAsync("IDocumentSession session = null!;\nsession.SaveChangesAsync();\n", Id, OutputKind.ConsoleApplication))
            .ShouldBe("IDocumentSession session = null!;\nawait session.SaveChangesAsync();\n");

    [Fact]
    public async Task A_pragma_reaches_the_warning() =>
        (await Analysis.RunAsync(Code("\n#pragma warning disable FES0047\nvoid M() { session.SaveChangesAsync(); }\n"))).ShouldBeEmpty();

    private static string Code(string method) => $$"""
        using System.Threading.Tasks;
        public class Saving(IDocumentSession session, Other other)
        {
            private Task<Commit>? saved;
            public object? Saved => saved;
            private static void Use(IDocumentSession used) => Console.WriteLine(used);
            public object Both => (session, other);
            public {{method}}
        }
        [Document] [Event("other")] public class Other
        {
            public Guid Id { get; init; }
            public Task SaveChangesAsync() => Task.CompletedTask;
        }
        """;
}
