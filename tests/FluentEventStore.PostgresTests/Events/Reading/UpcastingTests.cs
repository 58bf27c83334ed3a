using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Whatever reads a stored event of an old shape gets the current one.</summary>
public sealed class UpcastingTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_way_of_reading_events_gives_the_current_shape_and_says_what_is_stored()
    {
        var id = await AppendEveryShapeAsync();
        await using var session = bank.Store.OpenQuerySession(id.ToString());
        var fetched = await session.Events.FetchStreamAsync(id, cancellationToken: Cancellation);
        var read = await session.Events.ReadStreamAsync(id, cancellationToken: Cancellation).ToListAsync(Cancellation);
        var backwards = await session.Events.FetchStreamAsync(id, new StreamRange { Backwards = true }, Cancellation);
        var all = await session.Events.ReadAllAsync(cancellationToken: Cancellation).ToListAsync(Cancellation);

        IReadOnlyList<ParcelWeighed> expected = [new(1500, "nobody", 1), new(2, "nobody", 2), new(3, "Ada", 3), new(4, "nobody", 4)];
        fetched.Select(static e => ((IEvent<ParcelWeighed>)e).Data).ShouldBe(expected);
        read.Select(static e => e.Data).ShouldBe(expected);
        all.Select(static e => e.Data).ShouldBe(expected);
        backwards.Select(static e => e.Data).ShouldBe(expected.Reverse());
        fetched.Select(static e => $"{e.TypeName} {e.TypeVersion}").ShouldBe(
            ["parcel-weighed 1", "parcel-weighed 2", "parcel-weighed 3", "package-weighed 1"]);
    }

    [Fact]
    public async Task A_filter_on_the_current_type_lets_its_old_versions_and_names_pass()
    {
        var id = await AppendEveryShapeAsync();
        await using (var writer = bank.Store.OpenSession(id.ToString()))
        {
            writer.Events.Append(id, new NoteTaken("no parcel"));
            await writer.SaveChangesAsync(Cancellation);
        }

        await using var session = bank.Store.OpenQuerySession(id.ToString());
        var found = await session.Events.ReadAllAsync(new EventFilter().OfType<ParcelWeighed>(), Cancellation).ToListAsync(Cancellation);
        var ofOld = await session.Events.ReadAllAsync(new EventFilter().OfType<ParcelWeighedV2>(), Cancellation).ToListAsync(Cancellation);

        found.Select(static e => e.Version).ShouldBe([1, 2, 3, 4]);
        ofOld.Select(static e => e.Version).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Aggregates_are_folded_from_the_current_shape_live_and_for_writing()
    {
        var id = await AppendEveryShapeAsync();
        await using var store = bank.CreateStoreWithoutSnapshots();
        await using var session = store.OpenSession(id.ToString());

        (await session.Events.AggregateStreamAsync<Parcel>(id, new StreamRange { To = 2 }, Cancellation))!.Grams.ShouldBe(2);
        (await session.Events.FetchLatestAsync<Parcel>(id, Cancellation))!.Weighed.ShouldBe("nobody@1 nobody@2 Ada@3 nobody@4");
        (await session.Events.FetchForWritingAsync<Parcel>(id, cancellationToken: Cancellation)).Aggregate!.Grams.ShouldBe(4);
    }

    [Fact]
    public async Task A_snapshot_that_lags_is_caught_up_from_old_shapes()
    {
        var id = await AppendEveryShapeAsync();
        await using var session = bank.Store.OpenSession(id.ToString());

        (await session.Events.FetchLatestAsync<Parcel>(id, Cancellation))!.Weighed.ShouldBe("nobody@1 nobody@2 Ada@3 nobody@4");
        var stream = await session.Events.FetchForWritingAsync<Parcel>(id, cancellationToken: Cancellation);
        stream.Aggregate!.Grams.ShouldBe(4);
        stream.Append(new ParcelWeighed(5, "Bob", 0));
        await session.SaveChangesAsync(Cancellation);
        (await session.LoadAsync<Parcel>(id, Cancellation))!.Weighed.ShouldBe("nobody@1 nobody@2 Ada@3 nobody@4 Bob@0");
    }

    [Fact]
    public async Task An_old_shape_that_is_appended_is_stored_as_it_is_and_folded_as_what_it_will_be_read_as()
    {
        var id = Guid.NewGuid();
        await using var session = bank.Store.OpenSession(id.ToString());
        session.Events.StartStream<Parcel>(id, new ParcelWeighedV2(10), new ParcelWeighedV2(20));
        await session.SaveChangesAsync(Cancellation);

        (await session.LoadAsync<Parcel>(id, Cancellation))!.Weighed.ShouldBe("nobody@1 nobody@2");
        (await session.Events.FetchStreamAsync(id, cancellationToken: Cancellation))[1].Data.ShouldBe(new ParcelWeighed(20, "nobody", 2));
        (await bank.ExecuteAsync(
            "select string_agg(e.type_version || e.data::text, ' ' order by e.version) "
                + $"from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.tenant = '{id}'"))
            .ShouldBe("""2{"grams": 10} 2{"grams": 20}""");
    }

    [Fact]
    public async Task An_upcaster_that_throws_is_an_error_that_says_which_event_and_the_rest_is_read_once_it_is_mended()
    {
        var id = await AppendEveryShapeAsync();
        var events = await FetchAsync(id);
        await bank.TamperAsync($$"""update {schema}.events set data = '{"kilograms": 1e10}' where id = '{{events[0].Id}}'""");

        var failure = await Should.ThrowAsync<EventSerializationException>(() => FetchAsync(id));
        (failure.StreamId, failure.Version, failure.Position, failure.TypeName, failure.TypeVersion, failure.Path)
            .ShouldBe((id, 1, events[0].Position, "parcel-weighed", 1, "$"));
        failure.Excerpt.ShouldBe("""{"kilograms": 10000000000}""");
        failure.Reason.ShouldStartWith("The upcaster FluentEventStore.PostgresTests.Bank.ParcelUpcasters.FromKilograms failed: ");
        failure.InnerException.ShouldBeOfType<OverflowException>();

        await bank.TamperAsync($$"""update {schema}.events set data = '{"kilograms": 1}' where id = '{{events[0].Id}}'""");
        (await FetchAsync(id))[0].Data.ShouldBe(new ParcelWeighed(1000, "nobody", 1));
    }

    [Fact]
    public async Task An_old_version_that_no_upcaster_takes_is_unknown()
    {
        var id = await AppendEveryShapeAsync();
        await bank.TamperAsync($"update {{schema}}.events set type_version = 4 where id = '{(await FetchAsync(id))[0].Id}'");

        (await Should.ThrowAsync<UnknownEventTypeException>(() => FetchAsync(id))).TypeVersion.ShouldBe(4);
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(Guid id)
    {
        await using var session = bank.Store.OpenQuerySession(id.ToString());
        return await session.Events.FetchStreamAsync(id, cancellationToken: Cancellation);
    }

    /// <summary>
    /// A stream as years of releases leave it, in a tenant of its own: versions 1, 2 and 3, and one under the former name.
    /// </summary>
    private async Task<Guid> AppendEveryShapeAsync()
    {
        var id = Guid.NewGuid();
        await using var store = bank.CreateStoreWithoutSnapshots();
        await using var session = store.OpenSession(id.ToString());
        session.Events.Append(id, new ParcelWeighedV2(1), new ParcelWeighedV2(2));
        await session.SaveChangesAsync(Cancellation);
        session.Events.Append(id, new ParcelWeighed(3, "Ada", 3), new ParcelWeighedV2(4));
        await session.SaveChangesAsync(Cancellation);

        var ofVersion =
            $"where id = (select e.id from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.tenant = '{id}' and "
                + "e.version = ";
        await bank.TamperAsync($$"""update {schema}.events set type_version = 1, data = '{"kilograms": 1.5}' {{ofVersion}}1)""");
        await bank.TamperAsync($"update {{schema}}.events set type = 'package-weighed', type_version = 1 {ofVersion}4)");
        return id;
    }
}
