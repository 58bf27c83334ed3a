namespace FluentEventStore.Proofs.Events.Transfer;

/// <summary>Does random things to a store, moves it, goes on with the store alone and moves the rest, and goes on with both.</summary>
public sealed class TransferModelRun(TransferModelStore source, Random random)
{
    private const int StepsBefore = 80;
    private const int StepsBetween = 25;
    private const int StepsAfter = 50;

    private readonly Queue<string> _trace = new();
    private readonly Guid[] _people = [.. Enumerable.Range(0, 4).Select(_ => NextGuid(random))];

    public static IReadOnlyList<TenantId> Tenants { get; } = [TenantId.Default, "acme"];

    public static IReadOnlyList<StreamId> Streams { get; } =
        [
            .. Enumerable.Range(0, 5).Select(static number => new StreamId($"keep-{number}")),
            .. Enumerable.Range(0, 5).Select(static number => new StreamId($"s-{number}"))
        ];

    /// <summary>What was done last.</summary>
    public string Trace => string.Join('\n', _trace);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Does a round with a new copy.</summary>
    public async Task RunAsync(TransferModelStore copy)
    {
        for (var step = 0; step < StepsBefore; step++)
            await StepAsync([source], random.Next(27));

        var file = await source.ExportAsync();
        await MoveAsync(copy, file);
        for (var step = 0; step < StepsBetween; step++)
            await GrowAsync(copy);

        await MoveAsync(copy, await source.ExportAsync(source.LastExported));
        await MoveAsync(copy, await source.ExportAsync());
        foreach (var stream in Streams)
            await StepAsync([source, copy], verb: 20, Take(Tenants), stream);

        await MoveAsync(copy, file);
        for (var step = 0; step < StepsAfter; step++)
            await StepAsync([source, copy], random.Next(27));

        await CompareAsync(copy);
    }

    /// <summary>Imports a file: cut off after some transactions, by two at once, or in one go; then again, which changes nothing.</summary>
    private async Task MoveAsync(TransferModelStore copy, byte[] file)
    {
        switch (random.Next(3))
        {
            case 0:
                for (var cuts = random.Next(1, 4); cuts > 0; cuts--)
                {
                    using var cut = new Cut(random.Next(1, 6));
                    try
                    {
                        await ImportAsync(copy, file, cut, cut.Token);
                    }
                    catch (Exception failure) when (failure is OperationCanceledException or CommitOutcomeUnknownException)
                    {
                        Note($"import cut off: {failure.GetType().Name}");
                    }
                }

                break;
            case 1:
                await Task.WhenAll(ImportAsync(copy, file, null, Cancellation), ImportAsync(copy, file, null, Cancellation));
                Note("imported twice at once");
                break;
        }

        await ImportAsync(copy, file, null, Cancellation);
        await CompareAsync(copy);
        (await ImportAsync(copy, file, null, Cancellation)).Imported.ShouldBe(0);
        Note("imported again");
        await CompareAsync(copy);
    }

    private Task<ImportReport> ImportAsync(TransferModelStore copy, byte[] file, Cut? cut, CancellationToken cancellationToken) =>
        copy.Store.Transfer.ImportAsync(
            new MemoryStream(file), new ImportOptions { ChunkSize = random.Next(1, 50), Progress = cut }, cancellationToken);

    private async Task CompareAsync(TransferModelStore copy) => (await copy.DescribeAsync()).ShouldBe(await source.DescribeAsync());

    /// <summary>What a copy can be continued with: appends, links, and the closing of a stream with its last event.</summary>
    private async Task GrowAsync(TransferModelStore copy)
    {
        var (tenant, stream) = (Take(Tenants), Take(Streams));
        var isOpen = await IsOpenAsync(source, tenant, stream) && await IsOpenAsync(copy, tenant, stream);
        if (isOpen)
            await StepAsync([source], random.Next(4) switch { 0 => 26, 1 => 24, _ => 0 }, tenant, stream);
    }

    private static async Task<bool> IsOpenAsync(TransferModelStore store, TenantId tenant, StreamId stream)
    {
        await using var session = store.Store.OpenQuerySession(tenant);
        return await session.Events.FetchStreamStateAsync(stream, Cancellation) is null
            or { IsArchived: false, IsDeleted: false, IsTombstoned: false };
    }

    private Task StepAsync(TransferModelStore[] stores, int verb) => StepAsync(stores, verb, Take(Tenants), Take(Streams));

    private async Task StepAsync(TransferModelStore[] stores, int verb, TenantId tenant, StreamId stream)
    {
        TransferModelStore.Clock.Advance(TimeSpan.FromSeconds(1));

        // No file tells of a stream that has nothing left.
        if (stores.Length > 1 && !await source.CanBeCopiedAsync(tenant, stream))
            return;

        var (number, version, place) = (random.Next(1, 100), random.Next(1, 12), random.Next(1_000));
        var person = random.Next(_people.Length);
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(_ => NextGuid(random))];
        var outcomes = new List<string>();
        foreach (var store in stores)
        {
            try
            {
                var linked = await store.FindIdAsync(tenant, place);
                await DoAsync(store, verb);
                outcomes.Add("done");

                Task DoAsync(TransferModelStore to, int what) => what switch
                {
                    < 11 => AppendAsync(to, tenant, stream, Events(number, _people[person]), ids, number),
                    11 or 12 => to.ChangeAsync(tenant, operations => operations.ArchiveStream(stream)),
                    13 => to.ChangeAsync(tenant, operations => operations.UnarchiveStream(stream)),
                    15 => to.ChangeAsync(tenant, operations => operations.DeleteStream(stream)),
                    14 or 16 => to.ChangeAsync(tenant, operations => operations.UndeleteStream(stream)),
                    17 => to.ChangeAsync(tenant, operations => operations.TruncateStream(stream, version)),
                    18 =>
                        to.ChangeAsync(
                            tenant,
                            operations => operations.CompactStream(
                                stream, version, new BalanceCarried(number), new Tag("by", $"{number % 3}"))),
                    19 => to.Store.ScrubAsync(cancellationToken: Cancellation),
                    20 => to.Store.Privacy.MaskAsync(stream, tenant, cancellationToken: Cancellation),
                    21 when number % 3 > 0 => to.Store.Privacy.ForgetAsync(_people[person], tenant, Cancellation),
                    21 => to.ChangeAsync(tenant, operations => operations.HardDeleteStream(stream)),
                    22 when number % 4 > 0 => to.ChangeAsync(tenant, operations => operations.UnarchiveStream(stream)),
                    22 => to.ChangeAsync(tenant, operations => operations.TombstoneStream(stream)),
                    26 => to.ChangeAsync(tenant, operations => Close(operations, stream, number, ids[0], linked)),
                    _ => to.ChangeAsync(tenant, operations => operations.LinkTo(stream, [linked])),
                };
            }
            catch (FluentEventStoreException failure)
            {
                outcomes.Add(failure.GetType().Name);
            }
        }

        // No file tells of forgotten subjects without events, so nothing of them is stored any more.
        if (verb == 21 && number % 3 > 0)
            _people[person] = NextGuid(random);

        Note($"{tenant}/{stream} verb {verb} {number} {version} {place}: {string.Join(", ", outcomes)}");
        outcomes.Distinct().Count().ShouldBe(1, "The same call ends otherwise in the copy.");
    }

    private static Task AppendAsync(TransferModelStore store, TenantId tenant, StreamId stream, object[] events, Guid[] ids, int number) =>
        store.ChangeAsync(tenant, operations =>
    {
        var pending = operations.Append(stream, events).WithEventIds(ids[..events.Length]);
        if (number % 7 == 0)
            pending.WithTag("by", $"{number % 3}");
        if (number % 6 == 0)
            pending.WithHeader("h", $"{number}");
    });

    private static object[] Events(int number, Guid person) => (number % 5) switch
    {
        0 => [new NoteTaken($"n{number}"), new AmountEntered(number)],
        1 => [new CourseOffered($"c{number % 4}", number)],
        2 => [new PersonRegistered(person, $"name{number}", "a@b", null, default, null)],
        3 => [new AmountEntered(number), new AmountEntered(1)],
        _ => [new NoteTaken($"n{number}"), new NoteTaken("more"), new BalanceCarried(number)],
    };

    /// <summary>Opens a stream if it is archived, and closes it behind an event, or behind a link.</summary>
    private static void Close(IEventOperations operations, StreamId stream, int number, Guid id, Guid linked)
    {
        operations.UnarchiveStream(stream);
        operations.Append(stream, new NoteTaken("last")).WithEventId(id);
        if (number % 2 == 0)
            operations.LinkTo(stream, [linked]);
        if (number % 3 == 0)
            operations.DeleteStream(stream);
        else
            operations.ArchiveStream(stream);
    }

    private T Take<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private void Note(string what)
    {
        _trace.Enqueue(what);
        if (_trace.Count > 60)
            _trace.Dequeue();
    }

    private static Guid NextGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>Cuts an import off after some of its transactions.</summary>
    private sealed class Cut(int after) : IProgress<TransferProgress>, IDisposable
    {
        private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        private int _left = after;

        public CancellationToken Token => _source.Token;

        public void Report(TransferProgress value)
        {
            if (--_left == 0)
                _source.Cancel();
        }

        public void Dispose() => _source.Dispose();
    }
}
