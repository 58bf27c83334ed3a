using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class DisposalAnalyzerTests
{
    public const string Id = "FES0048";

    public static TheoryData<string> Bad =>
    [
        "await session.DisposeAsync(); await [session].SaveChangesAsync();",
        "await session.DisposeAsync().ConfigureAwait(false); [session].Store(new Note(Guid.Empty));",
        "await session.DisposeAsync(); if (DateTime.Now.Year > 2000) { [session].CorrelationId = \"a\"; }",
        "await session.DisposeAsync(); foreach (var e in await [session].Events.FetchStreamAsync(\"a\")) { Console.WriteLine(e); }",
        "await session.DisposeAsync(); var events = [session].Events; events.Append(\"a\", new Placed()); await "
            + "session.SaveChangesAsync();",
        "await using (session) { await session.SaveChangesAsync(); } await [session].SaveChangesAsync();",
        "await using (session.ConfigureAwait(false)) { } await [session].SaveChangesAsync();",
        "try { await session.SaveChangesAsync(); } finally { await session.DisposeAsync(); } await [session].SaveChangesAsync();",
        "{ await session.DisposeAsync(); } await [session].SaveChangesAsync();",
        "var own = store.OpenQuerySession(); await own.DisposeAsync(); await [own].LoadAsync<Note>(Guid.Empty);",
        "if (session is not null) { await session.DisposeAsync(); await [session].SaveChangesAsync(); }",
        "Func<Task> f = async () => { await session.DisposeAsync(); await [session].SaveChangesAsync(); }; await f();",
    ];

    public static TheoryData<string> Good =>
    [
        "await session.SaveChangesAsync(); await session.DisposeAsync();",
        "await using var own = store.OpenSession(); await own.SaveChangesAsync();",
        "await session.DisposeAsync(); await session.DisposeAsync();",
        "await session.DisposeAsync(); Console.WriteLine(session is null); Console.WriteLine(session!.GetHashCode());",
        "await session.DisposeAsync(); session = store.OpenSession(); await session.SaveChangesAsync();",
        "await session.DisposeAsync(); Open(out session); await session.SaveChangesAsync();",
        "await session.DisposeAsync(); (session, _) = (store.OpenSession(), 1); await session.SaveChangesAsync();",
        "await session.DisposeAsync(); if (DateTime.Now.Year > 2000) session = store.OpenSession(); await session.SaveChangesAsync();",
        "{ await session.DisposeAsync(); session = store.OpenSession(); } await session.SaveChangesAsync();",
        "await using (session) { session = store.OpenSession(); } await session.SaveChangesAsync();",

        // Not on every path.
        "if (DateTime.Now.Year > 2000) { await session.DisposeAsync(); return; } await session.SaveChangesAsync();",
        "if (DateTime.Now.Year > 2000) await session.DisposeAsync(); await session.SaveChangesAsync();",
        "try { await session.DisposeAsync(); } catch (Exception) { await session.SaveChangesAsync(); }",
        "try { await session.SaveChangesAsync(); } finally { if (DateTime.Now.Year > 2000) await session.DisposeAsync(); } await "
            + "session.SaveChangesAsync();",
        "for (var i = 0; i < 1; i++) { await session.SaveChangesAsync(); if (i == 1) { await session.DisposeAsync(); break; } }",
        "if (DateTime.Now.Year > 2000) goto open; await session.DisposeAsync(); return; open: await session.SaveChangesAsync();",

        // At another time.
        "async Task Save() { await session.SaveChangesAsync(); } await Save(); await session.DisposeAsync();",
        "await Save(); await session.DisposeAsync(); async Task Save() { await session.SaveChangesAsync(); }",
        "await session.DisposeAsync(); await Throws(() => session.SaveChangesAsync());",

        "Action reopen = () => session = store.OpenSession(); await session.DisposeAsync(); reopen(); await session.SaveChangesAsync();",
        "await session.DisposeAsync(); Reopen(); await session.SaveChangesAsync(); void Reopen() { session = store.OpenSession(); }",

        // Another session, or none.
        "var own = store.OpenSession(); await own.DisposeAsync(); await session.SaveChangesAsync();",
        "await store.DisposeAsync(); store.OpenSession();",
    ];

    [Theory, MemberData(nameof(Bad))]
    public async Task A_use_after_the_disposal_is_reported(string code)
    {
        var found = await Analysis.RunAsync(
            Code(code.Replace("[session]", "session", StringComparison.Ordinal).Replace("[own]", "own", StringComparison.Ordinal)));
        var name = code.Contains("[own]", StringComparison.Ordinal) ? "own" : "session";
        found.Select(Analysis.Describe).ShouldBe([$"{Id} at {name}: The session '{name}' was disposed before"]);

        var before = Code(code).IndexOf($"[{name}]", StringComparison.Ordinal);
        found[0].Location.SourceSpan.Start.ShouldBe(before);
    }

    [Theory, MemberData(nameof(Good))]
    public async Task A_use_of_a_session_that_may_be_open_is_not_reported(string code) =>
        (await Analysis.RunAsync(Code(code))).Select(Analysis.Describe).ShouldBeEmpty();

    [Fact]
    public async Task A_pragma_reaches_the_warning() =>
        (await Analysis.RunAsync(
            Code("await session.DisposeAsync();\n#pragma warning disable FES0048\nawait session.SaveChangesAsync();\n")))
            .ShouldBeEmpty();

    private static string Code(string statements) => $$"""
        using System.Threading.Tasks;
        [Event("placed")] public sealed record Placed;
        [Document] public sealed record Note(Guid Id);
        public class Using(IEventStore store)
        {
            public async Task M(IDocumentSession session)
            {
                {{statements}}
            }

            private void Open(out IDocumentSession session) => session = store.OpenSession();
            private static async Task Throws(Func<Task> action) => await action();
        }
        """;
}
