using Microsoft.AspNetCore.Builder;
using Shop;

namespace FluentEventStore.ApiSnippets.Readme;

public sealed class ReadmeTests
{
    private const string Page = "README.md";
    private const string Folder = "tests/FluentEventStore.ApiSnippets/Readme";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_steps_work_as_they_stand()
    {
        using var output = new StringWriter();

        await QuickStart.RunAsync(output);

        output.ToString().ShouldStartWith("Version 2, position 2");
        output.ToString().ShouldContain("Green tea: checked out False, now True");
        output.ToString().ShouldContain("3 checked-out CheckedOut { }");
    }

    [Fact]
    public async Task The_web_application_answers_what_the_page_says()
    {
        var calls = CurlCall.Of(Repository.Read(Page), "localhost:5000");
        calls.Count.ShouldBeGreaterThan(2);
        var built = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] args = ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"];
        var running = Task.Run(() => Warehouse.Program.RunAsync(args, built.SetResult), Cancellation);
        await Task.WhenAny(running, built.Task);
        if (running.IsCompleted)
            await running;

        var app = await built.Task;
        try
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = app.Lifetime.ApplicationStarted.Register(started.SetResult);
            await Task.WhenAny(running, started.Task);
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            foreach (var call in calls)
                await call.CheckAsync(client, Cancellation);
        }
        finally
        {
            app.Lifetime.StopApplication();
            await running;
        }
    }

    [Fact]
    public void The_code_on_the_first_page_is_the_code_that_runs() => Snippets.Check(
        Page, $"{Folder}/QuickStart.cs", $"{Folder}/Shop.cs", $"{Folder}/WebApplication.cs");

    [Fact]
    public void The_web_application_is_as_short_as_the_page_says() =>
        Snippets.Of($"{Folder}/WebApplication.cs")["web"].Split('\n').Count(static line => line.Length > 0).ShouldBeLessThan(25);
}
