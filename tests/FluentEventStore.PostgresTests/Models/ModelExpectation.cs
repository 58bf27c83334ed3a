namespace FluentEventStore.PostgresTests.Models;

/// <summary>What a unit expects of the version of a stream before its own events.</summary>
public readonly record struct ModelExpectation
{
    public long? Exact { get; private init; }

    public bool Exists { get; private init; }

    public bool IsContradictory { get; private init; }

    public bool HoldsAt(long version) => (Exact is null || Exact == version) && (!Exists || version > 0);

    /// <summary>Also exactly this version.</summary>
    public ModelExpectation With(long exact) => this with
    {
        Exact = exact,
        IsContradictory = exact < 0 || (Exact ?? exact) != exact || (Exists && exact == 0),
    };

    /// <summary>Also what a call expects after so many events of the unit itself.</summary>
    public ModelExpectation With(ExpectedVersion expected, int own) => expected switch
    {
        { Version: { } version } => With(version - own),
        _ when expected == ExpectedVersion.StreamExists && own == 0 => this with { Exists = true, IsContradictory = Exact == 0 },
        _ => this,
    };
}
