using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class DocumentChecks(EventStore store)
{
    public async Task StoreAsync()
    {
        await using var session = store.OpenSession();
        var assigned = new GuidNote(Guid.Empty, "guid");
        session.Store(assigned);
        session.Store(new TextNote("a", "text"));
        session.Insert(new NumberNote(7, "number"));
        session.Store<LongNote>([new() { Id = 1L << 40, Text = "long", Tags = ["x", "y"] }, new() { Id = 2, Text = "two" }]);
        LongNote[] inserted = [new() { Id = 13, Text = "three" }, new() { Id = 14, Text = "four" }];
        session.Insert(inserted);
        await session.SaveChangesAsync();
        session.Update(inserted);
        await session.SaveChangesAsync();

        Equal(assigned, await session.LoadAsync<GuidNote>(assigned.Id));
        Equal(new TextNote("a", "text"), await session.LoadAsync<TextNote>("a"));
        Equal(new NumberNote(7, "number"), await session.LoadAsync<NumberNote>(7));
        EqualItems(["x", "y"], (await session.LoadAsync<LongNote>(1L << 40))!.Tags);
        EqualItems(["two", "long"], (await session.LoadManyAsync<LongNote>([2L, 3L, 1L << 40])).Select(static note => note.Text));
        EqualItems([assigned], await session.LoadManyAsync<GuidNote>([assigned.Id]));
        EqualItems(["text"], (await session.LoadManyAsync<TextNote>(["a"])).Select(static note => note.Text));
        EqualItems(["number"], (await session.LoadManyAsync<NumberNote>([7])).Select(static note => note.Text));
        await LoadJsonAsync(session, assigned.Id);
    }

    private static async Task LoadJsonAsync(IDocumentSession session, Guid assigned)
    {
        var loaded = (await session.LoadVersionedAsync<TextNote>("a"))!;
        Equal((new TextNote("a", "text"), 1L), (loaded.Value, loaded.Version.Version));
        Equal(false, session.KeepsSnapshots<TextNote>());
        var json = (await session.LoadJsonAsync<TextNote>("a"))!;
        Equal(("""{"id": "a", "text": "text"}""", loaded.Version), (TextOf(json), json.Version));
        EqualItems([TextOf(json)], (await session.LoadManyJsonAsync<TextNote>(["a"])).Select(TextOf));
        Equal(1, (await session.LoadManyJsonAsync<GuidNote>([assigned])).Count);
        Equal(1, (await session.LoadManyJsonAsync<NumberNote>([7])).Count);
        Equal(1, (await session.LoadManyJsonAsync<LongNote>([2L])).Count);

        static string TextOf(Versioned<ReadOnlyMemory<byte>> json) => System.Text.Encoding.UTF8.GetString(json.Value.Span);
    }

    public async Task ChangeAsync()
    {
        await using var session = store.OpenSession();
        session.Update(new TextNote("a", "changed"));
        session.Delete<NumberNote>(7);
        session.Store(new LongNote { Id = 2, Text = "two", Read = DateTimeOffset.UnixEpoch });
        await session.SaveChangesAsync();

        Equal("changed", (await session.LoadAsync<TextNote>("a"))!.Text);
        await ExpectAsync(session);
        Equal(null, await session.LoadAsync<NumberNote>(7));
        Equal(DateTimeOffset.UnixEpoch, (await session.LoadAsync<LongNote>(2))!.Read);
    }

    private static async Task ExpectAsync(IDocumentSession session)
    {
        session.Store(new TextNote("expected", "1"));
        await session.SaveChangesAsync();
        var loaded = (await session.LoadVersionedAsync<TextNote>("expected"))!;
        session.Update(new TextNote("expected", "2"), loaded.Version);
        await session.SaveChangesAsync();
        session.Update(new TextNote("expected", "3"), 2);
        await session.SaveChangesAsync();

        session.Delete<TextNote>("expected", loaded.Version);
        Equal(3L, (await ThrowsAsync<DocumentConflictException>(() => session.SaveChangesAsync())).Actual);
        session.EjectAllPendingChanges();
        session.Delete<TextNote>("expected", 3);
        await session.SaveChangesAsync();
        Equal(null, await session.LoadAsync<TextNote>("expected"));
    }

    public async Task RefuseAsync()
    {
        await using var session = store.OpenSession();
        session.Insert(new TextNote("a", "again"));
        Equal("a", (await ThrowsAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync())).Id.Value);

        session.EjectAllPendingChanges();
        session.Update(new TextNote("missing", ""));
        Equal("missing", (await ThrowsAsync<DocumentNotFoundException>(() => session.SaveChangesAsync())).Id.Value);

        session.EjectAllPendingChanges();
        session.Store(new TextNote("b", "lone \ud800 surrogate"));
        Equal("$.text", (await ThrowsAsync<DocumentSerializationException>(() => session.SaveChangesAsync())).Path);
    }
}
