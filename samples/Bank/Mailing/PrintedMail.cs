namespace Bank.Mailing;

/// <summary>Stands in for a mail server: mails are printed.</summary>
internal sealed class PrintedMail : IMail
{
    public Task SendAsync(Guid id, string address, string text, CancellationToken cancellationToken) =>
        Console.Out.WriteLineAsync($"Mail to {address}: {text}".AsMemory(), cancellationToken);
}
