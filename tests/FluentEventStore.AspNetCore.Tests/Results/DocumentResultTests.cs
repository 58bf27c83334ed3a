using System.Net;
using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore.Tests;

public sealed class DocumentResultTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_that_is_not_there_is_answered_with_404()
    {
        await using var host = await StartAsync();

        var response = await host.AskAsync($"/customers/{Guid.NewGuid()}");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Headers.Contains("ETag").ShouldBeFalse();
        (await response.JsonOf()).GetProperty("document").GetString().ShouldBe("Customer");
        (await response.ProblemOf()).ShouldBe("404 document-not-found");
    }

    [Fact]
    public async Task What_is_stored_is_sent_as_it_is()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada é \u2028", City = "Paris" }));
        await shop.TamperAsync($$"""update {schema}.doc_customer set data = data || '{"of": "an older release"}' where id = '{{id}}'""");

        var response = await host.AskAsync($"/customers/{id}");

        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        var shown = await response.JsonOf();
        (shown.GetProperty("name").GetString(), shown.GetProperty("of").GetString()).ShouldBe(("Ada é \u2028", "an older release"));
        await using var session = shop.Store.OpenQuerySession();
        var stored = await session.LoadJsonAsync<Customer>(id, Cancellation);
        (await response.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(stored!.Value.ToArray());
        response.TagOf().ShouldBe(EntityTags.ForDocument<Customer>(TenantId.Default, id, stored.Version));
    }

    [Fact]
    public async Task A_document_that_is_deleted_and_stored_again_has_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada" }));
        var tag = (await host.AskAsync($"/customers/{id}")).TagOf();
        await shop.SaveAsync(session => session.Delete<Customer>(id));
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada" }));

        var again = await host.AskAsync($"/customers/{id}", null, ("If-None-Match", tag));

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.TagOf().ShouldNotBe(tag);
    }

    [Fact]
    public async Task A_snapshot_has_the_tag_of_its_stream_so_that_a_client_may_expect_it_of_the_stream()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(5)));

        var response = await host.AskAsync($"/tills/{id}");

        (await response.ReadAsync<Till>()).ShouldBe(new Till(id, "Ada", 5));
        await using var session = shop.Store.OpenQuerySession();
        var state = await session.Events.FetchStreamStateAsync(id, Cancellation);
        var ofStream = EntityTags.ForStream(TenantId.Default, id, state!.StoredVersion);
        response.TagOf().ShouldStartWith($"{ofStream.TrimEnd('"')}~");
        (await host.AskAsync($"/tills/{id}", HttpMethod.Put, ("If-Match", response.TagOf()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.AskAsync($"/tills/{id}", HttpMethod.Put, ("If-Match", response.TagOf()))).StatusCode.ShouldBe(
            HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_snapshot_that_is_folded_anew_into_something_else_has_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada")));
        var tag = (await host.AskAsync($"/tills/{id}")).TagOf();
        await shop.TamperAsync($$"""update {schema}.doc_till set data = data || '{"clerk": "Bob"}' where id = '{{id}}'""");

        var again = await host.AskAsync($"/tills/{id}", null, ("If-None-Match", tag));

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.TagOf().ShouldNotBe(tag);
        again.TagOf().Split('~')[0].ShouldBe(tag.Split('~')[0]);
    }

    [Theory]
    [InlineData("nothing", "404 stream-not-found")]
    [InlineData("deleted", "404 stream-deleted")]
    [InlineData("tombstoned", "410 stream-tombstoned")]
    [InlineData("archived", "404 stream-archived")]
    [InlineData("closed", "404 aggregate-not-found")]
    public async Task A_snapshot_that_is_not_there_is_answered_as_its_stream_is(string fate, string problem)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, fate);

        (await (await host.AskAsync($"/tills/{id}")).ProblemOf()).ShouldBe(problem);
    }

    [Fact]
    public async Task Many_documents_come_in_the_order_of_the_ids_each_once_and_those_that_are_not_there_are_left_out()
    {
        await using var host = await StartAsync();
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        await shop.SaveAsync(session =>
        {
            session.Store(new Customer { Id = ids[0], Name = "Ada" });
            session.Store(new Customer { Id = ids[2], Name = "Cleo" });
        });

        var response = await host.AskAsync($"/customers?ids={ids[2]}&ids={ids[1]}&ids={ids[0]}&ids={ids[2]}");

        (await response.ReadAsync<Customer[]>()).Select(static customer => customer.Name).ShouldBe(["Cleo", "Ada"]);
        response.TagOf().ShouldNotBe((await host.AskAsync($"/customers?ids={ids[0]}&ids={ids[2]}")).TagOf());
        (await (await host.AskAsync("/customers")).TextOf()).ShouldBe("[]");
    }

    [Fact]
    public async Task Documents_that_look_as_before_but_were_written_again_have_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada" }));
        var first = await host.AskAsync($"/customers?ids={id}");
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada" }));

        var second = await host.AskAsync($"/customers?ids={id}");

        (await second.TextOf()).ShouldBe(await first.TextOf());
        second.TagOf().ShouldNotBe(first.TagOf());
    }

    [Fact]
    public async Task Ids_of_every_type_find_their_documents()
    {
        await using var host = await StartAsync();
        var key = Guid.NewGuid().ToString();
        await shop.SaveAsync(session =>
        {
            session.Store(new Note { Id = key, Text = "x" });
            session.Store(new Ticket { Id = 7 });
            session.Store(new Invoice { Id = 1L << 40 });
        });

        (await (await host.AskAsync($"/notes?ids={key}")).ReadAsync<Note[]>()).ShouldBe([new Note { Id = key, Text = "x" }]);
        (await (await host.AskAsync("/tickets?ids=7&ids=8")).ReadAsync<Ticket[]>()).ShouldBe([new Ticket { Id = 7 }]);
        (await (await host.AskAsync($"/invoices?ids={1L << 40}")).ReadAsync<Invoice[]>()).ShouldBe([new Invoice { Id = 1L << 40 }]);
        (await (await host.AskAsync($"/notes/{key}")).ReadAsync<Note>()).Text.ShouldBe("x");
    }

    private Task<WebHost> StartAsync() => shop.StartAsync(static app =>
    {
        app.MapGet("/customers/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
        app.MapGet("/customers", static (Guid[] ids) => EventStoreResults.Documents<Customer>(ids));
        app.MapGet("/notes/{id}", static (string id) => EventStoreResults.Document<Note>(id));
        app.MapGet("/notes", static (string[] ids) => EventStoreResults.Documents<Note>(ids));
        app.MapGet("/tickets", static (int[] ids) => EventStoreResults.Documents<Ticket>(ids));
        app.MapGet("/invoices", static (long[] ids) => EventStoreResults.Documents<Invoice>(ids));
        app.MapGet("/tills/{id}", static (Guid id) => EventStoreResults.Document<Till>(id));
        app.MapPut("/tills/{id}", static async (Guid id, IDocumentSession session, Preconditions preconditions) =>
        {
            var state = await session.Events.FetchStreamStateAsync(id);
            preconditions.CheckStream(session.TenantId, id, state!.StoredVersion);
            session.Events.Append(id, ExpectedVersion.Exactly(state.Version), new TillFilled(1));
        }).WithUnitOfWork();
    });
}
