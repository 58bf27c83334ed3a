using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.PostgresTests.Store;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

public sealed class LogListenerTests(PostgresServer server) : IAsyncDisposable
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly string _channel = server.CreateSchemaName();
    private readonly List<NpgsqlDataSource> _dataSources = [];
    private readonly List<long> _heard = [];
    private volatile bool _isFollowed = true;
    private int _missed;

    [Fact]
    public async Task The_connection_is_closed_a_while_after_the_last_one_has_left_and_opened_again_for_the_next()
    {
        await using var listener = Listener(Channel(server.ConnectionString));
        await BecomesAsync(listener, isListening: true);

        _isFollowed = false;
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!listener.IsListening), "it does not listen");
        await Eventually.BecomesTrueAsync(async () => await CountAsync() == 0, "nothing is connected");

        _isFollowed = true;
        await BecomesAsync(listener, isListening: true);
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_waits_for_a_moment_needs_no_connection()
    {
        await using var listener = Listener(Channel(server.ConnectionString));

        listener.Need(isIdle: false);

        await listener.DisposeAsync();
        _missed.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_position_is_not_heard()
    {
        var channel = Channel(server.ConnectionString);
        await using var listener = Listener(channel);
        await BecomesAsync(listener, isListening: true);

        foreach (var payload in (string[])["", "x", "-1", " 1", "99999999999999999999", "7"])
            await channel.NotifyAsync(payload, Cancelled);

        await Eventually.BecomesTrueAsync(() => Task.FromResult(Heard().Contains(7)), "the last one is heard");
        Heard().ShouldBe([7]);
    }

    [Fact]
    public async Task A_connection_whose_session_of_the_server_does_not_listen_is_given_up()
    {
        // As after a pooler has given the session to somebody else.
        await using var dataSource = NpgsqlDataSource.Create($"{server.ConnectionString};Pooling=false");
        var session = await dataSource.OpenConnectionAsync(Cancelled);
        var source = new ConnectionSource(dataSource) { FindListening = _ => new(dataSource) };
        await using var connection = new ListeningConnection(
            session, dataSource, source, new SqlIdentifier(_channel), secondsOfCommand: 60);
        await connection.BeginAsync(static _ => { }, Cancelled);
        (await connection.CheckAsync(Cancelled)).ShouldBe(ListeningState.Listens);
        await using (var forget = new NpgsqlCommand("unlisten *", session))
            await forget.ExecuteNonQueryAsync(Cancelled);

        (await connection.CheckAsync(Cancelled)).ShouldBe(ListeningState.Refused);
    }

    [Fact]
    public async Task A_connection_is_given_up_once_others_come_from_elsewhere()
    {
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using var moved = NpgsqlDataSource.Create(server.ConnectionString);
        var current = dataSource;
        var source = new ConnectionSource(dataSource) { FindListening = _ => new(current) };
        await using var connection = (await new NotificationChannel(source, new SqlIdentifier(_channel))
            .ListenAsync(static _ => { }, Cancelled))!;
        (await connection.CheckAsync(Cancelled)).ShouldBe(ListeningState.Listens);

        current = moved;

        (await connection.CheckAsync(Cancelled)).ShouldBe(ListeningState.Elsewhere);
    }

    [Fact]
    public async Task A_connection_that_goes_back_to_a_pool_does_not_listen_any_more()
    {
        await using var dataSource = NpgsqlDataSource.Create($"{server.ConnectionString};Maximum Pool Size=1;No Reset On Close=true");
        var source = new ConnectionSource(dataSource) { FindListening = _ => new(dataSource) };
        var connection = (await new NotificationChannel(source, new SqlIdentifier(_channel)).ListenAsync(static _ => { }, Cancelled))!;

        await connection.DisposeAsync();

        await using var count = dataSource.CreateCommand("select count(*) from pg_listening_channels()");
        (await count.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    [Fact]
    public async Task On_a_standby_nobody_can_listen_and_with_several_hosts_the_primary_is_listened_to()
    {
        await using var pair = await StandbyPair.StartOrSkipAsync();
        (await Channel(pair.Standby).ListenAsync(static _ => { }, Cancelled)).ShouldBeNull();

        await using var connections = new StoreConnections(
            new ConnectionSettings(null, pair.ConnectionString, IsBehindPgBouncer: false, QueriesOnStandby: true, "s"));
        var channel = new NotificationChannel(
            new ConnectionSource(connections.Primary) { FindListening = _ => new(connections.Listening) },
            new SqlIdentifier(_channel));
        await using var listener = Listener(channel);
        await BecomesAsync(listener, isListening: true);
        await channel.NotifyAsync("3", Cancelled);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Heard().Contains(3)), "it is heard");
    }

    [Fact]
    public async Task Somebody_who_cannot_connect_tries_again()
    {
        await using var proxy = new TcpProxy(server.ConnectionString);
        proxy.LeadTo("Host=127.0.0.1;Port=1");
        await using var listener = Listener(Channel(proxy.ConnectionString));
        listener.Need(isIdle: true);

        proxy.LeadTo(server.ConnectionString);

        await BecomesAsync(listener, isListening: true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var dataSource in _dataSources)
            await dataSource.DisposeAsync();
    }

    private static Task BecomesAsync(LogListener listener, bool isListening) => Eventually.BecomesTrueAsync(
        () =>
        {
            listener.Need(isIdle: true);
            return Task.FromResult(listener.IsListening == isListening);
        },
        "it listens");

    private List<long> Heard()
    {
        lock (_heard)
            return [.. _heard];
    }

    private LogListener Listener(NotificationChannel channel) => new(channel, StoreTelemetry.Unnamed, TimeProvider.System)
    {
        Heard = position =>
        {
            lock (_heard)
                _heard.Add(position);
        },
        Missed = () => Interlocked.Increment(ref _missed),
        IsFollowed = () => _isFollowed,
        Silence = TimeSpan.FromMilliseconds(20),
        Lingering = TimeSpan.FromMilliseconds(20),
    };

    private NotificationChannel Channel(string connectionString)
    {
        var dataSource = NpgsqlDataSource.Create($"{connectionString};Pooling=false;Application Name={_channel}");
        var pool = NpgsqlDataSource.Create(connectionString);
        _dataSources.AddRange([dataSource, pool]);
        return new NotificationChannel(
            new ConnectionSource(pool) { FindListening = _ => new(dataSource) }, new SqlIdentifier(_channel));
    }

    private async Task<long> CountAsync() => (long)(await Database.AskAsync(
        server.ConnectionString, $"select count(*) from pg_stat_activity where application_name = '{_channel}'"))!;
}
