namespace FluentEventStore.Generators.Contracts;

/// <summary>A property as a contract describes it: <c>optional nullable text</c>.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="IsOptional">Whether JSON without it is read.</param>
/// <param name="IsComputed">Whether it is written only.</param>
/// <param name="IsPersonal">Whether it is encrypted with the key of a subject.</param>
internal sealed record ContractMember(ContractType Type, bool IsOptional, bool IsComputed, bool IsPersonal)
{
    /// <summary>Whether it is left out if it is null or has the default of its type, so that a missing one means this value.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>The property that says whose personal data it is, as a path; empty if that is not known.</summary>
    public string Subject { get; init; } = "";

    private const string Optional = "optional ";
    private const string Computed = "computed ";
    private const string Personal = "personal ";
    private const string LeftOut = "left out by default ";
    private const string Of = "of ";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static ContractMember Parse(string description)
    {
        var isLeftOut = Take(ref description, LeftOut);
        var isOptional = Take(ref description, Optional) || isLeftOut;
        var isComputed = Take(ref description, Computed);
        var isPersonal = Take(ref description, Personal);
        var subject = isPersonal && Take(ref description, Of) ? TakeSubject(ref description) : "";
        return new ContractMember(ContractType.Parse(description), isOptional, isComputed, isPersonal)
        {
            IsLeftOut = isLeftOut,
            Subject = subject
        };
    }

    public override string ToString() => (IsLeftOut ? LeftOut : IsOptional ? Optional : "") + (IsComputed ? Computed : "") + Owned + Type;

    /// <summary>What it says about whose it is.</summary>
    public string Owned => (IsPersonal ? Personal : "") + (Subject.Length > 0 ? $"{Of}{Subject} " : "");

    // A name with blanks stands in brackets.
    private static string TakeSubject(ref string description)
    {
        var end = description.StartsWith("['", StringComparison.Ordinal)
            ? description.IndexOf("'] ", StringComparison.Ordinal) + 2
            : description.IndexOf(' ');
        var subject = description.Substring(0, Math.Max(0, end));
        description = description.Substring(subject.Length).TrimStart();
        return subject;
    }

    private static bool Take(ref string description, string word)
    {
        if (!description.StartsWith(word, StringComparison.Ordinal))
            return false;

        description = description.Substring(word.Length);
        return true;
    }
}
