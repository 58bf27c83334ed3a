using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Extensions.TestHost;
using Microsoft.Testing.Platform.Messages;
using Microsoft.Testing.Platform.Services;

namespace FluentEventStore.PostgresTests;

/// <summary>
/// Ends the output of <c>dotnet test</c> with one line. It counts what was skipped for each reason, and says how to get it.
/// </summary>
public static class SkippedTests
{
    /// <summary>The platform of the tests calls this: the project file names this type.</summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _)
    {
        var counting = new CompositeExtensionFactory<Count>(static services => new Count(services.GetMessageBus()));
        builder.TestHost.AddDataConsumer(counting);
        builder.TestHost.AddTestSessionLifetimeHandler(counting);
    }

    /// <summary>The line; <see langword="null"/> if nothing was skipped.</summary>
    /// <param name="reasons">One of each skipped test.</param>
    internal static string? Describe(IReadOnlyCollection<string> reasons) => reasons.Count == 0
        ? null
        : $"{reasons.Count} tests on this machine. To get them: " + string.Join(
            " ", reasons.GroupBy(static reason => reason)
                .OrderByDescending(static same => same.Count())
                .Select(static same => $"({same.Count()}) {same.Key}"));

    // The platform shows what tests print only if some fail, but it names each skipped test: so the line is the name of one.
    private sealed class Count(IMessageBus bus) : IDataConsumer, IDataProducer, ITestSessionLifetimeHandler
    {
        private readonly List<string> _reasons = [];

        public string Uid => nameof(SkippedTests);

        public string Version => "1";

        public string DisplayName => nameof(SkippedTests);

        public string Description => "Counts what was skipped.";

        public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

        public Type[] DataTypesProduced => [typeof(TestNodeUpdateMessage)];

        public Task<bool> IsEnabledAsync() => Task.FromResult(true);

        public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
        {
            if (value is TestNodeUpdateMessage update
                && update.TestNode.Properties.SingleOrDefault<SkippedTestNodeStateProperty>() is { } skipped)
                _reasons.Add(skipped.Explanation ?? "");

            return Task.CompletedTask;
        }

        public Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext) => Task.CompletedTask;

        public Task OnTestSessionFinishingAsync(ITestSessionContext testSessionContext) => Describe(_reasons) is not { } line
            ? Task.CompletedTask
            : bus.PublishAsync(this, new TestNodeUpdateMessage(
                testSessionContext.SessionUid,
                new TestNode
                {
                    Uid = Uid,
                    DisplayName = line,
                    Properties = new PropertyBag(new SkippedTestNodeStateProperty("This line is none of them, and counted with them."))
                }));
    }
}
