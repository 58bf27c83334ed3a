using FluentEventStore.Postgres;

namespace FluentEventStore.Tests.Postgres;

public sealed class AttemptsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public async Task A_transient_failure_is_repaired_and_tried_again_until_it_succeeds(int failures, int expected)
    {
        var (attempts, mended) = (0, new List<string>());

        var made = await Attempts.RunAsync(
            3,
            _ => ++attempts <= failures ? throw new IOException($"{attempts}") : Task.FromResult(attempts),
            static failure => failure is IOException,
            (failure, _) =>
            {
                mended.Add(failure.Message);
                return Task.CompletedTask;
            },
            Cancellation);

        made.ShouldBe(expected);
        mended.ShouldBe(Enumerable.Range(1, failures).Select(static number => $"{number}"));
    }

    [Fact]
    public async Task The_last_allowed_attempt_throws_its_own_failure()
    {
        var attempts = 0;

        var failure = await Should.ThrowAsync<IOException>(
            () => Attempts.RunAsync<int>(3, _ => throw new IOException($"{++attempts}"), static _ => true, Cancellation));

        failure.Message.ShouldBe("3");
    }

    [Fact]
    public async Task A_lasting_failure_is_not_tried_again()
    {
        var attempts = 0;

        await Should.ThrowAsync<IOException>(
            () => Attempts.RunAsync<int>(3, _ => throw new IOException($"{++attempts}"), static _ => false, Cancellation));

        attempts.ShouldBe(1);
    }
}
