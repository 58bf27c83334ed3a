namespace FluentEventStore.PostgresTests;

public sealed class SkippedTestsTests
{
    [Fact]
    public void What_is_skipped_is_counted_for_each_reason_in_one_line() =>
        SkippedTests.Describe(["Install a.", "Run them as root.", "Install a."]).ShouldBe(
            "3 tests on this machine. To get them: (2) Install a. (1) Run them as root.");

    [Fact]
    public void Without_skipped_tests_nothing_is_printed() => SkippedTests.Describe([]).ShouldBeNull();
}
