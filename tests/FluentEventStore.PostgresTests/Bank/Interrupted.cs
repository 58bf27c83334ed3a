using System.Runtime.CompilerServices;

namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An aggregate whose folding something else interrupts once.</summary>
[Aggregate]
public sealed partial class Interrupted
{
    // A box: callers do not see what a folding sets.
    private static readonly AsyncLocal<StrongBox<Func<Task>?>?> Interruption = new();

    public Guid Id { get; set; }

    public string Trail { get; set; } = "";

    /// <summary>Says what happens when the caller folds next.</summary>
    public static void With(Func<Task> interruption) => Interruption.Value = new StrongBox<Func<Task>?>(interruption);

    public void Apply(NoteTaken e)
    {
        Trail += e.Text;
        if (Interruption.Value is not { Value: { } interruption } box)
            return;

        box.Value = null;
        Task.Run(interruption).GetAwaiter().GetResult();
    }
}
