namespace FluentEventStore.Proofs.Events.Reading;

/// <summary>A log of any length is read in the memory of a few pages.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 reads a million events.</remarks>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(PostgresServer server)
{
    private static readonly int Count = LongForm.Of(100_000, 1_000_000);

    [Fact]
    public async Task Reading_the_log_and_a_long_stream_hold_no_more_than_a_page()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await bank.ExecuteAsync(
            $$"""
            insert into {schema}.streams (tenant, id, version, created_at, appended_at) values ('default', 'long', {{Count}}, now(), now());
            insert into {schema}.events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('{schema}.positions'), (select key from {schema}.streams), n, gen_random_uuid(), 'note-taken', 1, now(),
              jsonb_build_object('text', repeat('x', 100), 'weight', n)
            from generate_series(1, {{Count}}) as n
            """);
        await using var session = bank.Store.OpenQuerySession();

        // What the first events bring along stays for good and does not count.
        (await session.Events.ReadAllAsync(new LogRange { MaxCount = 2000 }, cancelled).CountAsync(cancelled)).ShouldBe(2000);

        await ReadAsync(session.Events.ReadAllAsync(cancellationToken: cancelled));
        await ReadAsync(session.Events.ReadStreamAsync("long", cancellationToken: cancelled));
        await ReadAsync(bank.Store.Log.FollowAsync(cancellationToken: cancelled).Take(Count));
    }

    /// <summary>
    /// No other test runs meanwhile. What the runtime and the driver keep for a moment is no growth, so the least of several moments
    /// counts.
    /// </summary>
    private static async Task ReadAsync(IAsyncEnumerable<IEvent> events)
    {
        const long Limit = 20 << 20;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var growth = long.MaxValue;
        var read = 0;
        await foreach (var @event in events)
        {
            @event.Version.ShouldBe(++read);

            // Near the end: what a reader kept would be far more than the limit by then.
            if (read >= Count / 10 * 8 && read % (Count / 20) == 0)
                growth = Math.Min(growth, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        read.ShouldBe(Count);
        growth.ShouldBeLessThan(Limit);
    }
}
