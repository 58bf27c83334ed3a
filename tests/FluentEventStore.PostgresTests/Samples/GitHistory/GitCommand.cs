using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>The git of this machine, without anybody's configuration: what the import is measured by.</summary>
internal static class GitCommand
{
    public static async Task<byte[]> RunAsync(string folder, byte[]? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["GIT_CONFIG_GLOBAL"] = Path.Combine(folder, "no-such-configuration"),
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["LC_ALL"] = "C",
            },
        };
        using var process = Start(start);
        var complaint = process.StandardError.ReadToEndAsync();
        var output = ReadAsync(process.StandardOutput.BaseStream);
        if (input is not null)
            await process.StandardInput.BaseStream.WriteAsync(input);

        process.StandardInput.Close();
        var bytes = await output;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"git {string.Join(' ', arguments)}: {await complaint}");
        return bytes;
    }

    public static async Task<string> AskAsync(string folder, params string[] arguments) =>
        Encoding.UTF8.GetString(await RunAsync(folder, null, arguments)).Trim();

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start).ShouldNotBeNull();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("These tests need git: install it, or add it to the PATH.", e);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
