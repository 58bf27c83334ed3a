namespace FluentEventStore.Events;

/// <summary>
/// Per stream of a unit: what it must still be for the snapshots that were folded of it to hold. The database compares, once it has locked
/// the streams.
/// </summary>
/// <param name="count">How many streams the unit has.</param>
internal sealed class FoldedStreams(int count)
{
    /// <summary>The version of no stream: nothing holds, and the unit is refused as one whose snapshots moved.</summary>
    private const long Never = long.MaxValue;

    private const long Unconcerned = -1;

    /// <summary>The version that a snapshot was folded up to; -1 where no snapshot concerns the stream.</summary>
    public long[] Versions { get; } = Filled(count);

    /// <summary>
    /// The number of the stream, which tells its life: one that is erased and begins anew has another. Not compared with a stream without
    /// events.
    /// </summary>
    public long[] Keys { get; } = new long[count];

    /// <summary>How often the past of the stream had been changed.</summary>
    public int[] Rewritten { get; } = new int[count];

    /// <summary>Whether any stream must be as it was read.</summary>
    public bool AreExpected => Array.Exists(Versions, static version => version != Unconcerned);

    /// <summary>Demands that a stream is as it was read.</summary>
    /// <param name="ordinal">Where the stream stands in the unit: 1 is the first.</param>
    /// <param name="read">What was read of it.</param>
    public void Expect(int ordinal, StreamHead read)
    {
        var index = ordinal - 1;
        var isFirst = Versions[index] == Unconcerned;

        // Two snapshots of one stream that were read at different times cannot both hold.
        if (!isFirst && (Versions[index], Keys[index], Rewritten[index]) != (read.Version, read.Key, read.Rewritten))
            Versions[index] = Never;
        else
            (Versions[index], Keys[index], Rewritten[index]) = (read.Version, read.Key, read.Rewritten);
    }

    /// <summary>Lets the unit be refused: what was read of a stream is no ground for a snapshot.</summary>
    public void Refuse(int ordinal) => Versions[ordinal - 1] = Never;

    private static long[] Filled(int count)
    {
        var versions = new long[count];
        Array.Fill(versions, Unconcerned);
        return versions;
    }
}
