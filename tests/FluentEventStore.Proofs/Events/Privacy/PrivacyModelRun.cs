using Npgsql;

namespace FluentEventStore.Proofs.Events.Privacy;

/// <summary>Does random things to people of two tenants, and compares what is read of them with what it remembers.</summary>
public sealed class PrivacyModelRun(BankStore bank, BankStore target, int seed)
{
    private const int Stores = 3;

    private readonly Random _random = new(seed);
    private readonly List<Subject> _subjects = [.. from tenant in (TenantId[])[TenantId.Default, "red"]
                                                   from _ in Enumerable.Range(0, 4)
                                                   select new Subject(tenant, Guid.NewGuid())];
    private readonly List<EventStore> _stores = [];
    private int _appended;

    /// <summary>
    /// Whether keys vanish from the database. Nobody can read what they encrypted any more, so it is not moved to another store either.
    /// </summary>
    public bool LosesKeys { get; init; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task RunAsync(int steps)
    {
        for (var store = 0; store < Stores; store++)
            _stores.Add(Create(bank));

        try
        {
            for (var step = 0; step < steps; step++)
            {
                var subject = Take(_subjects);
                await StepAsync(subject);
                await CompareAsync(Take(_stores), subject, isFresh: false);
                if (step % 25 == 0)
                    await CompareAllAsync(bank);
            }

            await CompareAllAsync(bank);
            if (!LosesKeys)
                await MoveAsync();
        }
        finally
        {
            foreach (var store in _stores)
                await store.DisposeAsync();
        }
    }

    private async Task StepAsync(Subject subject)
    {
        await (_random.Next(20) switch
        {
            < 6 => AppendAsync(subject),
            < 9 => AppendTogetherAsync(),
            < 11 => JoinAsync(subject),
            < 13 => ImportAsync(subject),
            < 15 => CompactAsync(subject),
            15 => MaskAsync(subject),
            16 => ForgetAsync(subject),
            17 => ReplaceAsync(subject),
            18 when LosesKeys => LoseAsync(subject),
            _ => AppendAsync(subject),
        });
    }

    private async Task AppendAsync(Subject subject)
    {
        await using var session = Take(_stores).OpenSession(subject.Tenant);
        var person = Person(subject);
        session.Events.Append(subject.Stream, person);
        if (_random.Next(3) == 0)
            session.Store(new Customer { Id = subject.Id, Name = "none" });

        await SaveAsync(session, subject, person);
    }

    private async Task AppendTogetherAsync()
    {
        // A stream each, so that the order is known.
        var store = Take(_stores);
        await Task.WhenAll(_subjects.Where(_ => _random.Next(2) == 0).Select(async subject =>
        {
            await using var session = store.OpenSession(subject.Tenant);
            var person = Person(subject);
            session.Events.Append(subject.Stream, person);
            await SaveAsync(session, subject, person);
        }).ToList());
    }

    private async Task JoinAsync(Subject subject)
    {
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var session = Take(_stores).OpenSession(new SessionOptions { TenantId = subject.Tenant, Transaction = transaction });
        var person = Person(subject);
        session.Events.Append(subject.Stream, person);
        var isRolledBack = _random.Next(2) == 0;
        await SaveAsync(session, subject, isRolledBack ? null : person);
        if (isRolledBack)
            await transaction.RollbackAsync(Cancellation);
        else
            await transaction.CommitAsync(Cancellation);
    }

    private static async Task SaveAsync(IDocumentSession session, Subject subject, PersonRegistered? person)
    {
        if (subject.IsForgotten)
        {
            (await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Cancellation))).Subject.ShouldBe(subject.Id);
            return;
        }

        // Keys are made outside the transactions of callers, and stay.
        await session.SaveChangesAsync(Cancellation);
        subject.HasKey = true;
        if (person is not null)
            subject.Add(person);
    }

    private async Task ImportAsync(Subject subject)
    {
        var person = Person(subject);
        var imported = new ImportedEvent(subject.Stream, subject.Version + 1, person)
        {
            Timestamp = DateTimeOffset.UnixEpoch,
            TenantId = subject.Tenant
        };
        var report = await Take(_stores).Transfer.ImportAsync(new[] { imported }.ToAsyncEnumerable(), cancellationToken: Cancellation);
        report.ForgottenSubjects.ShouldBe(subject.IsForgotten ? 1 : 0);
        subject.Add(person);
    }

    private async Task CompactAsync(Subject subject)
    {
        if (subject.People.Count < 2)
            return;

        var upTo = subject.People[_random.Next(subject.People.Count)].Version;
        var person = Person(subject);
        await using var session = Take(_stores).OpenSession(subject.Tenant);
        session.Events.CompactStream(subject.Stream, upTo, person);
        await session.SaveChangesAsync(Cancellation);
        subject.People.RemoveAll(it => it.Version <= upTo);
        subject.People.Insert(0, (upTo, person));
    }

    private async Task MaskAsync(Subject subject)
    {
        if (subject.People.Count == 0)
            return;

        await Take(_stores).Privacy.MaskAsync(subject.Stream, subject.Tenant, cancellationToken: Cancellation);
        subject.People = subject.People.ConvertAll(static it => (it.Version, it.Person with { Plan = "masked" }));
    }

    private async Task ForgetAsync(Subject subject)
    {
        if (_random.Next(3) > 0)
            return;

        var store = Take(_stores);
        var before = subject.IsForgotten
            ? ForgetOutcome.ForgottenBefore
            : subject.HasKey ? ForgetOutcome.Forgotten : ForgetOutcome.NothingKnown;
        (await store.Privacy.ForgetAsync(subject.Id, subject.Tenant, Cancellation)).Outcome.ShouldBe(before);
        (subject.IsForgotten, subject.ForgottenBy) = (true, subject.ForgottenBy ?? store);
    }

    /// <summary>Somebody new takes the place of a subject. The old one is no longer looked at.</summary>
    private Task ReplaceAsync(Subject subject)
    {
        if (subject.IsForgotten && _random.Next(2) == 0)
            _subjects[_subjects.IndexOf(subject)] = new Subject(subject.Tenant, Guid.NewGuid());

        return Task.CompletedTask;
    }

    /// <summary>
    /// The key goes, as with a fail-over, while stores have it at hand. What was encrypted with it is lost; what comes after it, in another
    /// stream, is not.
    /// </summary>
    private async Task LoseAsync(Subject subject)
    {
        if (subject.IsForgotten || !subject.HasKey)
            return;

        await bank.TamperKeysAsync(_random.Next(2) == 0
            ? $"delete from {{schema}}_keys.subject_keys where tenant = '{subject.Tenant}' and subject = '{subject.Id}'"
            : $"update {{schema}}_keys.subject_keys set key = sha256(key) where tenant = '{subject.Tenant}' and subject = '{subject.Id}'");
        subject.Begin();
        await AppendAsync(subject);
    }

    /// <summary>Another store reads what was exported as this one does.</summary>
    private async Task MoveAsync()
    {
        await target.InitializeAsync();
        using var file = new MemoryStream();
        await Take(_stores).Transfer.ExportAsync(file, new ExportOptions { IncludeKeys = true }, Cancellation);
        file.Position = 0;
        await target.Store.Transfer.ImportAsync(file, cancellationToken: Cancellation);
        await CompareAllAsync(target);
    }

    /// <summary>Reads everybody as a process without a key at hand does.</summary>
    private async Task CompareAllAsync(BankStore where)
    {
        await using var fresh = Create(where);
        foreach (var subject in _subjects)
            await CompareAsync(fresh, subject, isFresh: true);
    }

    private static async Task CompareAsync(EventStore store, Subject subject, bool isFresh)
    {
        await using var session = store.OpenQuerySession(subject.Tenant);
        var read = (await session.Events.FetchStreamAsync(subject.Stream, cancellationToken: Cancellation))
            .Select(static e => e.Data)
            .ToList();
        var plain = subject.People.ConvertAll(static it => (object)it.Person);
        var replaced = subject.People.ConvertAll(
            static it => (object)new PersonRegistered(it.Person.PersonId, "", "(forgotten)", null, default, null, it.Person.Plan));

        // Another store may have the key at hand for a minute. What is stored after that is encrypted for nobody, that store included.
        if (subject.IsForgotten && !isFresh && store != subject.ForgottenBy)
            read.Zip(plain, replaced).ShouldAllBe(it => it.First.Equals(it.Second) || it.First.Equals(it.Third));
        else
            read.ShouldBe(subject.IsForgotten ? replaced : plain, $"{subject.Stream} of {subject.Tenant}");

        read.Count.ShouldBe(plain.Count);
    }

    private static EventStore Create(BankStore where) =>
        where.CreateStore(static options => options.Privacy.Mask<PersonRegistered>(static e => e with { Plan = "masked" }));

    private PersonRegistered Person(Subject subject) =>
        new(
            subject.Id,
            $"name {++_appended}",
            $"mail {_appended}",
            _random.Next(2) == 0 ? null : "555-0100",
            new DateOnly(1815, 12, 10),
            new Address("St James's", "London"));

    private T Take<T>(List<T> list) => list[_random.Next(list.Count)];

    private sealed class Subject(TenantId tenant, Guid id)
    {
        private int _streams;

        public TenantId Tenant { get; } = tenant;

        public Guid Id { get; } = id;

        public StreamId Stream => $"{Id}-{_streams}";

        public List<(long Version, PersonRegistered Person)> People { get; set; } = [];

        public long Version { get; private set; }

        public bool HasKey { get; set; }

        public bool IsForgotten { get; set; }

        public EventStore? ForgottenBy { get; set; }

        public void Add(PersonRegistered person)
        {
            HasKey = true;
            People.Add((++Version, person));
        }

        /// <summary>Goes on in another stream.</summary>
        public void Begin()
        {
            _streams++;
            (People, Version) = ([], 0);
        }
    }
}
