using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Commands;

/// <summary>How commands are read, and states are written.</summary>
public sealed class CommandBodyTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json; charset=none", 415)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=", 415)]
    [InlineData("application/json; charset=\"utf-8\"", 415)]
    [InlineData("application/json; charset=UTF-8", 200)]
    [InlineData("application/vnd.bank+json; charset=us-ascii", 200)]
    public async Task Its_encoding_is_one_that_can_be_read(string contentType, int status)
    {
        await using var host = await StartAsync();

        (await host.SendRawAsync("POST", $"/{Guid.NewGuid()}", "X-None: 1", """{"owner":"Ada"}""", contentType)).ShouldBe(status);
    }

    [Fact]
    public async Task It_may_be_in_another_encoding_than_utf_8()
    {
        await using var host = await StartAsync();
        using var content = new StringContent("""{"owner":"Ädä"}""", Encoding.Unicode, "application/json");

        (await host.Client.PostAsync($"/{Guid.NewGuid()}", content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"owner":"Ada"}""")]
    [InlineData("""{"owner":"Ada","kind":"open"}""")]
    [InlineData("""{"kind":"burn"}""")]
    [InlineData("""{"kind":7}""")]
    [InlineData("[]")]
    public async Task One_that_does_not_say_which_of_several_it_is_gets_told_how(string body)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        var answer = await PostAsync(host, $"/{id}/any", body);

        (await answer.ProblemOf()).ShouldBe("400 bad-request");
        (await answer.JsonOf()).GetProperty("detail").GetString().ShouldBe(
            "The body is no TillCommand as JSON. It begins with its \"kind\": open, withdraw.");
        (await bank.FetchAsync(id)).ShouldBeEmpty();
        (await PostAsync(host, $"/{id}/any", """{"kind":"open","owner":"Ada"}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_that_holds_something_that_does_not_say_what_it_is_cannot_be_read()
    {
        await using var host = await StartAsync();

        (await (await PostAsync(host, $"/{Guid.NewGuid()}/many", """{"commands":[{"owner":"Ada"}]}""")).ProblemOf())
            .ShouldBe("400 bad-request");
    }

    [Fact]
    public async Task A_type_that_nobody_can_make_is_the_fault_of_the_application()
    {
        await using var host = await StartAsync();

        (await PostAsync(host, $"/{Guid.NewGuid()}/unmade", """{"owner":"Ada"}""")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task The_state_is_written_as_the_application_writes_everything()
    {
        await using var host = await StartAsync(static json =>
        {
            json.WriteIndented = true;
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });

        var state = await PostAsync(host, $"/{Guid.NewGuid()}/names", """{"name":"<ä>"}""");

        (await state.TextOf()).ShouldBe(await (await host.AskAsync("/names")).TextOf());
    }

    [Fact]
    public async Task The_tag_of_an_aggregate_is_that_of_the_next_GET_that_folds_it()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new TillOpened(id, "Ada"));

        var answer = await PostAsync(host, $"/{id}/fills", """{"amount":5}""");

        var tag = answer.TagOf();
        (await answer.ReadAsync<Tests.Till>()).Amount.ShouldBe(5);
        (await host.AskAsync($"/tills/{id}", null, ("If-None-Match", tag))).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_command_that_ends_a_state_is_answered_with_204_and_a_tag_for_the_next()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new TillOpened(id, "Ada"));

        var answer = await PostAsync(host, $"/{id}/closing", "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await answer.TextOf()).ShouldBeEmpty();
        (await host.AskAsync($"/tills/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var next = new HttpRequestMessage(HttpMethod.Post, $"/{id}/fills")
        {
            Content = new StringContent("""{"amount":5}""", Encoding.UTF8, "application/json"),
            Headers = { { "If-Match", answer.TagOf() } },
        };
        (await host.Client.SendAsync(next, Cancellation)).IsSuccessStatusCode.ShouldBeTrue();
        (await bank.FetchAsync(id)).Count.ShouldBe(3);
    }

    private static async Task<HttpResponseMessage> PostAsync(WebHost host, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.PostAsync(path, content, Cancellation);
    }

    private Task<WebHost> StartAsync(Action<System.Text.Json.JsonSerializerOptions>? configure = null) => WebHost.StartAsync(
        bank,
        static app =>
        {
            static void MayBegin(CommandEndpointOptions command) => command.MayBegin = true;

            app.MapCommand<TillState, Open>("/{id}", Till.Decider, MayBegin);
            app.MapCommand<TillState, TillCommand>("/{id}/any", ManyTill.Decider, MayBegin);
            app.MapCommand<TillState, TillCommands>("/{id}/many", ManyTill.Decider, MayBegin);
            app.MapCommand<TillState, Unmade>("/{id}/unmade", ManyTill.Decider, MayBegin);
            app.MapCommand<Named, Rename>("/{id}/names", Naming.Decider, MayBegin);
            app.MapCommand<Tests.Till?, Withdraw>("/{id}/fills", Filling.Decider);
            app.MapCommand<Tests.Till?, CloseTill>("/{id}/closing", Filling.Decider);
            app.MapGet("/tills/{id}", static (Guid id) => EventStoreResults.Aggregate<Tests.Till>(id));
            app.MapGet("/names", static () => new Named("<ä>"));
        },
        services => services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
            configure?.Invoke(json.SerializerOptions);
        }));
}

public sealed record CloseTill;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OpenTill), "open"), JsonDerivedType(typeof(WithdrawFromTill), "withdraw")]
public abstract record TillCommand;

public sealed record OpenTill(string Owner) : TillCommand;

public sealed record WithdrawFromTill(decimal Amount) : TillCommand;

public sealed record TillCommands(IReadOnlyList<TillCommand> Commands);

/// <summary>The serializer cannot choose between its constructors.</summary>
public sealed class Unmade
{
    public Unmade(string owner) => Owner = owner;

    public Unmade(int number) => Owner = $"{number}";

    public string Owner { get; }
}

public sealed record Named(string Name);

public sealed record Rename(string Name);

[Decider]
public static partial class ManyTill
{
    public static TillState Initial => Till.Initial;

    public static IEnumerable<object> Decide(TillCommand command, TillState state) => command switch
    {
        OpenTill open => Till.Decide(new Open(open.Owner), state),
        WithdrawFromTill withdraw => [Till.Decide(new Withdraw(withdraw.Amount), state)],
        _ => throw new NotSupportedException(),
    };

    public static IEnumerable<object> Decide(TillCommands command, TillState state) =>
        command.Commands.SelectMany(one => Decide(one, state));

    public static AccountOpened Decide(Unmade command, TillState _) => new(command.Owner);

    public static TillState Evolve(TillState state, AccountOpened e) => Till.Evolve(state, e);

    public static TillState Evolve(TillState state, MoneyMoved e) => Till.Evolve(state, e);
}

[Decider]
public static partial class Naming
{
    public static Named Initial { get; } = new("");

    public static AccountOpened Decide(Rename command, Named _) => new(command.Name);

    public static Named Evolve(Named _, AccountOpened e) => new(e.Owner);
}

[Decider]
public static partial class Filling
{
    public static TillFilled Decide(Withdraw command, Tests.Till? _) => new(command.Amount);

    public static TillClosed Decide(CloseTill command, Tests.Till? _) => new();
}
