namespace FluentEventStore.Generators.Contracts;

/// <summary>A property as a contract describes it: <c>optional nullable text</c>.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="IsOptional">Whether JSON without it is read.</param>
/// <param name="IsComputed">Whether it is written only.</param>
/// <param name="IsPersonal">Whether it is encrypted with the key of a subject.</param>
internal sealed record ContractMember(ContractType Type, bool IsOptional, bool IsComputed, bool IsPersonal)
{
    private const string Optional = "optional ";
    private const string Computed = "computed ";
    private const string Personal = "personal ";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static ContractMember Parse(string description)
    {
        var isOptional = Take(ref description, Optional);
        var isComputed = Take(ref description, Computed);
        var isPersonal = Take(ref description, Personal);
        return new ContractMember(ContractType.Parse(description), isOptional, isComputed, isPersonal);
    }

    public override string ToString() => (IsOptional ? Optional : "") + (IsComputed ? Computed : "") + (IsPersonal ? Personal : "") + Type;

    private static bool Take(ref string description, string word)
    {
        if (!description.StartsWith(word, StringComparison.Ordinal))
            return false;

        description = description.Substring(word.Length);
        return true;
    }
}
