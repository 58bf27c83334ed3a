using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FluentEventStore.Generators.Tests.Contracts;

/// <summary>Builds a project as a user does.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fluenteventstore-contract-").FullName;

    private string Contract => Path.Combine(_folder, "EventContracts.json");

    [Fact]
    public async Task The_build_writes_the_contract_refuses_what_breaks_it_and_accepts_it_when_told_to()
    {
        await WriteAsync("Shop.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <AdditionalFiles Include="EventContracts.json" />
                <Reference Include="{typeof(EventAttribute).Assembly.Location}" />
                <Analyzer Include="{typeof(FluentEventStoreGenerator).Assembly.Location}" />
              </ItemGroup>
              <Import Project="{Path.Combine(Root(), "src", "FluentEventStore", "buildTransitive", "FluentEventStore.targets")}" />
            </Project>
            """);
        await WriteAsync("Paid.cs", """
            [FluentEventStore.Event]
            public sealed record Paid(decimal Amount, [property: System.Text.Json.Serialization.JsonPropertyName("a%41;*$(x)@(y)\\\"é")] string Odd);
            """);
        (await BuildAsync("-p:UpdateEventContracts=true")).ExitCode.ShouldBe(0);
        var contract = await File.ReadAllTextAsync(Contract, Cancellation);
        contract.ShouldBe(ContractCase.Update(await File.ReadAllTextAsync(Path.Combine(_folder, "Paid.cs"), Cancellation)));
        Directory.GetFiles(_folder).Select(Path.GetFileName).ShouldBe(["EventContracts.json", "Paid.cs", "Shop.csproj"], ignoreOrder: true);

        await WriteAsync("Paid.cs", """
            [FluentEventStore.Event] public sealed record Paid(decimal Amount);
            [FluentEventStore.Event] public sealed record Refunded(decimal Amount);
            """);
        var refused = await BuildAsync();
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("Paid.cs(1,47): error FES0031: ");
        refused.Output.ShouldNotContain("FES0036");
        (await File.ReadAllTextAsync(Contract, Cancellation)).ShouldBe(contract);

        (await BuildAsync("-p:UpdateEventContracts=true")).ExitCode.ShouldBe(0);
        var accepted = await File.ReadAllTextAsync(Contract, Cancellation);
        accepted.ShouldContain("refunded");
        accepted.ShouldContain("\"sample\": {\"a%41;", customMessage: "A sample stays as it is.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, Cancellation);

    private async Task<(int ExitCode, string Output)> BuildAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["build", "-nologo", .. arguments]) { WorkingDirectory = _folder, RedirectStandardOutput = true };

        // A test run by the SDK inherits what the SDK set for itself; and no process is to outlive the test.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Root([CallerFilePath] string testFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(testFile)!, "..", "..", ".."));
}
