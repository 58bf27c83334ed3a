using FluentEventStore.Benchmarks.Contenders;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>One operation, as writer number <paramref name="writer"/> does it.</summary>
internal delegate Task Operation(int writer);

/// <summary>One line of the table: an operation that each contender repeats for a while.</summary>
internal sealed record Row(string Name)
{
    /// <summary>How many writers do the operation at once; each begins again when its last one has returned.</summary>
    public int Writers { get; init; } = 1;

    /// <summary>How many things an operation does; the figures are those of one.</summary>
    public int Size { get; init; } = 1;

    /// <summary>
    /// Whether an operation takes seconds: then each round is one of them, there are fewer rounds, and a quick run leaves the row out
    /// unless it is asked for.
    /// </summary>
    public bool IsLong { get; init; }

    /// <summary>Whether a failed operation counts as a failure of the contender; otherwise it ends the run.</summary>
    public bool MayFail { get; init; }

    public required Target Target { get; init; }

    /// <summary>Writes what the row needs and returns its operation; null if the contender lacks the room.</summary>
    public required Func<IContender, Task<Operation?>> PrepareAsync { get; init; }

    /// <summary>Starts what runs while a round does, and not while others have their turn; null if nothing does.</summary>
    public Func<IContender, Task<IAsyncDisposable>>? AroundAsync { get; init; }

    /// <summary>A preparation for the contenders that have a room.</summary>
    public static Func<IContender, Task<Operation?>> In<TRoom>(Func<TRoom, Task<Operation>> prepare)
        where TRoom : class
        => async contender => contender is TRoom room ? await prepare(room) : null;

    /// <inheritdoc cref="In{TRoom}(Func{TRoom, Task{Operation}})"/>
    public static Func<IContender, Task<Operation?>> In<TRoom>(Func<TRoom, Operation> prepare)
        where TRoom : class
        => contender => Task.FromResult(contender is TRoom room ? prepare(room) : null);
}
