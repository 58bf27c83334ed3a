namespace FluentEventStore.Generators.Contracts;

/// <summary>A text is no JSON, or no contract. It never leaves <see cref="ContractReader"/>.</summary>
/// <param name="reason">What is wrong.</param>
/// <param name="position">Where in the text.</param>
internal sealed class JsonFault(string reason, int position) : Exception(reason)
{
    public int Position { get; } = position;
}
