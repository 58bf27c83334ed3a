using FluentEventStore.Events;

namespace FluentEventStore.Tests.Events.Units;

public sealed class OneStreamTests
{
    private static readonly StreamCommit Commit = new(FirstVersion: 3, Version: 5);

    private readonly OneStream _streams = new("a", Commit);

    [Fact]
    public void It_is_read_like_a_dictionary()
    {
        var dictionary = new Dictionary<StreamId, StreamCommit> { ["a"] = Commit };

        _streams.ShouldBe(dictionary);
        _streams.Keys.ShouldBe(dictionary.Keys);
        _streams.Values.ShouldBe(dictionary.Values);
        _streams.Count.ShouldBe(1);
        _streams["a"].ShouldBe(Commit);
        _streams.ContainsKey("a").ShouldBeTrue();
        _streams.TryGetValue("a", out var commit).ShouldBeTrue();
        commit.ShouldBe(Commit);
    }

    [Fact]
    public void Another_stream_is_not_in_it()
    {
        _streams.ContainsKey("b").ShouldBeFalse();
        _streams.TryGetValue("b", out _).ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => _streams["b"]).Message.ShouldContain("'b'");
    }
}
