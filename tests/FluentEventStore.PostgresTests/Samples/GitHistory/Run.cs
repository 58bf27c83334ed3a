using System.Text.Json;
using GitHistory;
using GitHistory.Report;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>What one run of the sample returned and printed.</summary>
internal sealed record Run(int ExitCode, string Output, string Complaint)
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The printed JSON. Fails if the run failed.</summary>
    public JsonSummary Summary
    {
        get
        {
            ExitCode.ShouldBe(0, Complaint);
            return JsonSerializer.Deserialize<JsonSummary>(Output, CamelCase).ShouldNotBeNull();
        }
    }

    public static async Task<Run> AsIsAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var complaint = new StringWriter();
        var exitCode = await GitHistoryProgram.RunAsync(arguments, output, complaint, cancellationToken);
        return new Run(exitCode, output.ToString(), complaint.ToString());
    }

    /// <summary>Imports a repository into a schema of the tests' server.</summary>
    public static Task<Run> ImportAsync(string repository, PostgresServer server, string schema) =>
        AsIsAsync(TestContext.Current.CancellationToken, repository, "--connection", server.ConnectionString, "--schema", schema, "--json");
}
