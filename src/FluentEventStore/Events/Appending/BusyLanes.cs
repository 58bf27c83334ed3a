namespace FluentEventStore.Events;

/// <summary>The lanes that are sending, and whether another one pays beside them. Not safe for use by several threads.</summary>
/// <param name="most">How many there are at most.</param>
/// <param name="clock">Says how long a lane has been sending.</param>
internal sealed class BusyLanes(int most, TimeProvider clock)
{
    /// <summary>How long a statement usually takes at most. Nobody waits for company behind one that takes longer.</summary>
    public static readonly TimeSpan UsualHold = TimeSpan.FromMilliseconds(10);

    /// <summary>With so many units, what a statement costs beside them (some 200 µs) is a small part of it.</summary>
    private const int ManyUnits = 32;

    private readonly List<Lane> _lanes = [];

    public int Count => _lanes.Count;

    /// <summary>Those that have been sending one statement for longer than usual.</summary>
    public IReadOnlyList<Lane> Slow
    {
        get
        {
            // Asked for each unit, and mostly there are none.
            List<Lane>? slow = null;
            foreach (var lane in _lanes)
            {
                if (IsSlow(lane))
                    (slow ??= []).Add(lane);
            }

            return slow is null ? [] : slow;
        }
    }

    /// <summary>Whether a lane is free, and these units are enough to begin it beside the busy ones.</summary>
    public bool LeaveRoomFor(int units)
    {
        if (units == 0 || _lanes.Count >= most)
            return false;

        // Asked for each unit, under a lock: no closure.
        foreach (var lane in _lanes)
        {
            if (units < lane.Count && !IsSlow(lane))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether these units are enough for a lane to go on beside the busy ones. If there are as many as another one is sending, they wait
    /// for it: two statements that take turns, each with half of all units, cost more than one with all. A single unit does not wait for
    /// another single one, nor do many for as many.
    /// </summary>
    public bool LetGoOnWith(int units) => LeaveRoomFor(units is > 1 and < ManyUnits ? units - 1 : units);

    /// <summary>Begins a lane that sends these units, or is about to take them.</summary>
    public Lane Begin(int units, bool isCautious)
    {
        var lane = new Lane { Since = clock.GetTimestamp(), Count = units, IsCautious = isCautious };
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>Lets a lane go on with the units that it has taken.</summary>
    public void GoOn(Lane lane, bool isCautious)
    {
        (lane.Count, lane.Since, lane.IsCautious) = (lane.Units.Count, clock.GetTimestamp(), isCautious);
        _lanes.Add(lane);
    }

    public void Remove(Lane lane) => _lanes.Remove(lane);

    /// <summary>Gives up the lanes that have been sending one statement for so long. Others may take their places.</summary>
    public List<Lane> GiveUp(TimeSpan after)
    {
        var stuck = _lanes.FindAll(lane => clock.GetElapsedTime(lane.Since) >= after);
        foreach (var lane in stuck)
        {
            lane.IsGivenUp = true;
            _lanes.Remove(lane);
        }

        return stuck;
    }

    private bool IsSlow(Lane lane) => clock.GetElapsedTime(lane.Since) >= UsualHold;
}
