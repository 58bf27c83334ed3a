using FluentEventStore.Events;

namespace FluentEventStore.Tests.Events.Units;

public sealed class PendingStreamsTests
{
    private readonly PendingStreams _streams = new();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(30)]
    public void Streams_are_found_by_id_and_listed_in_the_order_of_the_calls(int count)
    {
        for (var index = 0; index < count; index++)
        {
            _streams.TryGet($"{index}", out _).ShouldBeFalse();
            _streams.Add(new PendingStream($"{index}"));
        }

        _streams.Count.ShouldBe(count);
        for (var index = 0; index < count; index++)
        {
            _streams[index].StreamId.ShouldBe($"{index}");
            _streams[index].Ordinal.ShouldBe(index + 1);
            _streams.TryGet($"{index}", out var found).ShouldBeTrue();
            found.ShouldBeSameAs(_streams[index]);
        }
    }

    [Fact]
    public void After_a_clear_it_is_empty_and_numbers_from_the_start()
    {
        for (var index = 0; index < 20; index++)
            _streams.Add(new PendingStream($"{index}"));

        _streams.Clear();

        _streams.Count.ShouldBe(0);
        _streams.TryGet("3", out _).ShouldBeFalse();
        _streams.Add(new PendingStream("3"));
        _streams[0].Ordinal.ShouldBe(1);
    }
}
