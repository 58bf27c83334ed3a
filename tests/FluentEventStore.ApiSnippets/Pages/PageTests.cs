using System.Reflection;
using System.Text.RegularExpressions;
using FluentEventStore.AspNetCore;

namespace FluentEventStore.ApiSnippets.Pages;

public sealed class PageTests
{
    [Theory]
    [InlineData("handle-failures", "HandleFailuresTests")]
    [InlineData("hosting", "HostingTests")]
    [InlineData("kubernetes", "KubernetesTests")]
    [InlineData("observe", "ObserveTests")]
    [InlineData("choose-a-life-cycle", "ChooseALifeCycleTests")]
    [InlineData("publish-messages", "PublishMessagesTests")]
    [InlineData("rebuild-projections", "RebuildProjectionsTests")]
    [InlineData("rotating-credentials", "RotatingCredentialsTests")]
    [InlineData("run-many-nodes", "RunManyNodesTests")]
    [InlineData("schedule-messages", "ScheduleMessagesTests")]
    [InlineData("subscribe", "SubscribeTests")]
    [InlineData("test-subscriptions", "TestSubscriptionsTests")]
    [InlineData("unique-values", "UniqueValuesTests")]
    [InlineData("web", "WebTests")]
    [InlineData("web-results", "WebResultsTests")]
    public void The_code_on_a_page_is_the_code_that_runs(string page, string tests) =>
        Snippets.Check($"docs/how-to/{page}.md", $"tests/FluentEventStore.ApiSnippets/Pages/{tests}.cs");

    [Fact]
    public void The_code_on_the_page_about_natural_keys_is_the_code_that_runs() => Snippets.Check(
        "docs/how-to/natural-keys.md",
        "tests/FluentEventStore.ApiSnippets/Pages/NaturalKeysTests.cs",
        "tests/FluentEventStore.ApiSnippets/Pages/Ordering.cs");

    [Fact]
    public void The_code_on_the_page_about_views_of_many_streams_is_the_code_that_runs() => Snippets.Check(
        "docs/how-to/multi-stream-projections.md",
        "tests/FluentEventStore.ApiSnippets/Pages/MultiStreamProjectionsTests.cs",
        "tests/FluentEventStore.ApiSnippets/Pages/Turnovers.cs");

    [Fact]
    public void The_page_on_the_web_names_every_option()
    {
        var page = Repository.Read("docs/how-to/web.md");
        var options =
            from type in (Type[])[typeof(EventStoreWebOptions), typeof(CommandEndpointOptions)]
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where member is PropertyInfo or MethodInfo { IsSpecialName: false }
            select member.Name;

        options.Where(option => !Regex.IsMatch(page, $@"\b{option}\b")).ShouldBeEmpty();
        options.Count().ShouldBeGreaterThan(10);
    }
}
