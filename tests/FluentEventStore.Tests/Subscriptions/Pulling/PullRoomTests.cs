using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

public sealed class PullRoomTests
{
    [Fact]
    public void Who_finds_no_room_is_told_when_there_is_some()
    {
        var room = new PullRoom(size: 1);
        room.IsThere(static () => 0).ShouldBeTrue();
        room.Make().ShouldBeFalse();
        room.IsThere(static () => 1).ShouldBeFalse();
        room.Make().ShouldBeTrue();
        room.Make().ShouldBeFalse();
    }

    [Fact]
    public void An_answer_that_comes_while_room_is_looked_for_is_not_missed()
    {
        var room = new PullRoom(size: 1);
        var isOut = true;
        room.IsThere(CountThenAnswer).ShouldBeTrue();

        int CountThenAnswer()
        {
            if (!isOut)
                return 0;

            isOut = false;
            room.Make().ShouldBeFalse();
            return 1;
        }
    }
}
