using FluentEventStore.Tests.Serialization.Fuzzing;

namespace FluentEventStore.Tests.Events.Units;

public sealed class TagQueryTests
{
    [Fact]
    public void A_query_says_in_one_line_what_it_asks_for() =>
        TagQuery.Tagged("place", "b").And(new Tag("day", 1)).OfType<TemperatureTaken>().Or(new Tag("place", "c")).ToString()
            .ShouldBe("day:1 and place:b of temperature-taken or place:c");
}
