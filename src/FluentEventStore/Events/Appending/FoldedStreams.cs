namespace FluentEventStore.Events;

/// <summary>
/// Per stream of a unit: the state that its snapshots were folded from. They hold only while the stream still has it. The database compares
/// after it has locked the streams.
/// </summary>
/// <param name="count">How many streams the unit has.</param>
internal sealed class FoldedStreams(int count)
{
    /// <summary>No stream has this version: the unit is refused, as its snapshots do not hold.</summary>
    private const long Never = long.MaxValue;

    private const long Unconcerned = -1;

    /// <summary>The version that a snapshot was folded up to; -1 if no snapshot concerns the stream.</summary>
    public long[] Versions { get; } = Filled(count);

    /// <summary>
    /// The number of the stream. A stream that is erased and begins anew gets another one. It is not compared if the stream has no events.
    /// </summary>
    public long[] Keys { get; } = new long[count];

    /// <summary>How often the past of the stream was changed.</summary>
    public int[] Rewritten { get; } = new int[count];

    /// <summary>Whether any stream must be as it was read.</summary>
    public bool AreExpected => Array.Exists(Versions, static version => version != Unconcerned);

    /// <summary>Demands that a stream is as it was read.</summary>
    /// <param name="ordinal">Where the stream stands in the unit: 1 is the first.</param>
    /// <param name="read">What was read of it.</param>
    public void Expect(int ordinal, StreamHead read) => Expect(ordinal, read.Key, read.Version, read.Rewritten);

    /// <summary>Demands what these demand and what others do.</summary>
    public FoldedStreams With(FoldedStreams other)
    {
        for (var index = 0; index < Versions.Length; index++)
        {
            if (other.Versions[index] == Never)
                Refuse(index + 1);
            else if (other.Versions[index] != Unconcerned)
                Expect(index + 1, other.Keys[index], other.Versions[index], other.Rewritten[index]);
        }

        return this;
    }

    /// <summary>Lets the unit be refused: no snapshot may rest on what was read of the stream.</summary>
    public void Refuse(int ordinal) => Versions[ordinal - 1] = Never;

    private void Expect(int ordinal, long key, long version, int rewritten)
    {
        var index = ordinal - 1;
        var isFirst = Versions[index] == Unconcerned;

        // Two states of one stream that were read at different times cannot both hold.
        if (!isFirst && (Versions[index], Keys[index], Rewritten[index]) != (version, key, rewritten))
            Versions[index] = Never;
        else
            (Versions[index], Keys[index], Rewritten[index]) = (version, key, rewritten);
    }

    private static long[] Filled(int count)
    {
        var versions = new long[count];
        Array.Fill(versions, Unconcerned);
        return versions;
    }
}
