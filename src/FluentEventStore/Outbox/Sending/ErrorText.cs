namespace FluentEventStore.Outbox;

/// <summary>What an exception says, as the database can keep it.</summary>
internal static class ErrorText
{
    private const int MaxLength = 2000;

    public static string Of(Exception failure)
    {
        var text = $"{failure.GetType().Name}: {MessageOf(failure)}";
        if (text.Length > MaxLength)
            text = text[..MaxLength];

        // Neither NUL nor half of a pair can be stored.
        return string.Concat(text.EnumerateRunes().Select(static rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
    }

    // An exception of the application may say nothing, or fail while it does.
    private static string MessageOf(Exception failure)
    {
        try
        {
            return failure.Message ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }
}
