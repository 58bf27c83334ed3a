using System.Text;
using System.Text.Json;

namespace FluentEventStore.Tests.Serialization.Fuzzing;

/// <summary>
/// Whatever is stored is either read as a value that can be written and read again, or refused in the one way that says where.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 tries a million mutations.</remarks>
public sealed class FuzzTests
{
    private const int LongestName = 10_000;

    private static readonly int Count = LongForm.Of(12_000, 1_000_000);

    /// <summary>
    /// Why a value that was read may be unwritable: jsonb cannot keep it; or its unknown properties hold the name of the mark, so that it
    /// was never stored; or its subject is no subject, and was stored before the property was personal data.
    /// </summary>
    private static readonly string[] Unwritable = ["U+0000", "surrogate", "digits", "is not a subject id", "belongs to the store"];

    // A case takes less than a millisecond. After this time it is known which one does not end.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Damaged_JSON_is_read_as_a_value_or_refused_with_a_JsonException()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var mutator = new JsonMutator(random);
        var targets = FuzzTarget.All(random);
        var (target, json) = (targets[0], Array.Empty<byte>());
        var refused = 0;
        for (var done = 0; done < Count; done += 100)
        {
            var run = Task.Run(Try100, TestContext.Current.CancellationToken);
            try
            {
                await run.WaitAsync(LongestRun, TestContext.Current.CancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {seed}, {target}: {Describe(json)}", failure);
            }
        }

        // Mutations that all miss, or that leave nothing standing, would test nothing.
        refused.ShouldBeInRange(Count / 4, Count * 19 / 20);

        void Try100()
        {
            for (var index = 0; index < 100; index++)
            {
                target = targets[random.Next(targets.Count)];
                json = target.Sample();
                json = mutator.Mutate(json);
                refused += Try(target, json) ? 0 : 1;
            }
        }
    }

    private static bool Try(FuzzTarget target, byte[] json)
    {
        if (Refusable(() => target.Read(json), static _ => { }) is not { } value)
            return false;

        var current = target.Of(value);
        if (Refusable(
            () => current.Write(value),
            static reason => Unwritable.ShouldContain(
                known => reason.Contains(known, StringComparison.Ordinal), reason)) is not byte[] written)
            return true;

        var again = current.Write(current.Read(written));
        using var one = JsonDocument.Parse(written);
        using var other = JsonDocument.Parse(again);
        if (current.WritesAlike && !JsonElement.DeepEquals(one.RootElement, other.RootElement))
            throw new InvalidOperationException($"It is written as {Describe(written)}, read, and written as {Describe(again)}.");

        return true;
    }

    /// <summary>What comes out; null if it is refused as it should be.</summary>
    private static object? Refusable(Func<object> action, Action<string> check)
    {
        try
        {
            return action();
        }
        catch (EventSerializationException refusal)
        {
            Check(refusal.Path, refusal.Excerpt, refusal.Reason, refusal);
            refusal.StreamId.ShouldBe("s");
            check(refusal.Reason);
        }
        catch (DocumentSerializationException refusal)
        {
            Check(refusal.Path, refusal.Excerpt, refusal.Reason, refusal);
            check(refusal.Reason);
        }

        return null;
    }

    private static void Check(string path, string excerpt, string reason, Exception refusal)
    {
        path.ShouldStartWith("$");
        path.Length.ShouldBeLessThan(LongestName);
        excerpt.Length.ShouldBeLessThanOrEqualTo(200);
        reason.ShouldNotBeEmpty();
        refusal.InnerException.ShouldNotBeNull();
    }

    private static string Describe(byte[] json) =>
        json.Length > 4_000 ? $"{Encoding.UTF8.GetString(json[..4_000])}…" : Encoding.UTF8.GetString(json);
}
