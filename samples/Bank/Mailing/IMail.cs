namespace Bank.Mailing;

/// <summary>What sends mails.</summary>
public interface IMail
{
    /// <summary>Sends a mail.</summary>
    /// <param name="id">Of the mail: what comes twice is one mail.</param>
    /// <param name="address">Of whom.</param>
    /// <param name="text">What it says.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SendAsync(Guid id, string address, string text, CancellationToken cancellationToken);
}
