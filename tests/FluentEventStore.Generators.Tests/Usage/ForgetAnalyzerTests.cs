using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class ForgetAnalyzerTests
{
    public const string Id = "FES0052";

    private const string Message =
        "The result of ForgetAsync is ignored: it says whether the tenant had anything of the subject to forget";

    public static TheoryData<string, string> Bad => new()
    {
        { "async Task M() { await store.Privacy.ForgetAsync(\"x\"); }", "store.Privacy.ForgetAsync(\"x\")" },
        { "async Task M() { await store.Privacy.ForgetAsync(\"x\").ConfigureAwait(false); }", "store.Privacy.ForgetAsync(\"x\")" },
        { "async Task M() => await store.Privacy.ForgetAsync(\"x\");", "store.Privacy.ForgetAsync(\"x\")" },
        { "void M() { store.Privacy.ForgetAsync(\"x\"); }", "store.Privacy.ForgetAsync(\"x\")" },
        { "void M() { _ = store.Privacy.ForgetAsync(\"x\"); }", "store.Privacy.ForgetAsync(\"x\")" },
        {
            "async Task M() { System.Func<Task> later = async () => await store.Privacy.ForgetAsync(\"x\"); await later(); }",
            "store.Privacy.ForgetAsync(\"x\")"
        },
    };

    public static TheoryData<string> Good =>
    [
        "async Task M() { _ = await store.Privacy.ForgetAsync(\"x\"); }",
        "async Task M() { _ = await store.Privacy.ForgetAsync(\"x\").ConfigureAwait(false); }",
        "async Task M() { var report = await store.Privacy.ForgetAsync(\"x\"); System.Console.Write(report); }",
        "async Task M() { if ((await store.Privacy.ForgetAsync(\"x\")).Outcome == ForgetOutcome.Forgotten) await Task.Yield(); }",
        "Task M() => store.Privacy.ForgetAsync(\"x\");",
        "Task<ForgetReport> M() => store.Privacy.ForgetAsync(\"x\");",
        "async Task M() { await Task.WhenAll(store.Privacy.ForgetAsync(\"x\"), store.Privacy.ForgetAsync(\"y\")); }",
        "async Task M() { var later = store.Privacy.ForgetAsync(\"x\"); System.Console.Write(await later); }",
        "void M() { other.ForgetAsync(); }",
    ];

    [Theory, MemberData(nameof(Bad))]
    public async Task A_dropped_result_is_reported(string method, string place) =>
        (await Analysis.RunAsync(Code(method))).Select(Analysis.Describe).ShouldBe([$"{Id} at {place}: {Message}"]);

    [Theory, MemberData(nameof(Good))]
    public async Task A_result_that_is_used_is_not_reported(string method) =>
        (await Analysis.RunAsync(Code(method))).Select(Analysis.Describe).ShouldBeEmpty();

    private static string Code(string method) => $$"""
        using System.Threading.Tasks;
        public class Forgetting(IEventStore store, Other other)
        {
            public object Both => (store, other);
            public {{method}}
        }
        public class Other { public Task ForgetAsync() => Task.CompletedTask; }
        """;
}
