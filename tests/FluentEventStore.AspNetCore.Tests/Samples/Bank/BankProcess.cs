namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>The sample, in a process of its own.</summary>
internal static class BankProcess
{
    /// <summary>Starts the bank, and returns once it takes requests. The client works for the branch in the north.</summary>
    /// <param name="connectionString"><see langword="null"/>: it starts a server of its own.</param>
    /// <param name="settings">Further arguments.</param>
    public static async Task<WebProcess> StartAsync(string? connectionString, params string[] settings)
    {
        var bank = Begin(connectionString, settings);
        try
        {
            await bank.WaitForStartAsync();
            return bank;
        }
        catch
        {
            await bank.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the bank as <see cref="StartAsync"/> does, and does not wait for it.</summary>
    public static WebProcess Begin(string? connectionString, params string[] settings)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(Repository.Root, "samples", "Bank", "bin", folder.Parent!.Name, folder.Name, "Bank.dll");
        string[] connection = connectionString is null ? [] : [$"--ConnectionStrings:Bank={connectionString}"];
        var bank = WebProcess.Begin(program, [.. connection, .. settings]);
        bank.Client.DefaultRequestHeaders.Add("X-Tenant", "north");
        return bank;
    }
}
