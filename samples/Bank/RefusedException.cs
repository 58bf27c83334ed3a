namespace Bank;

/// <summary>A rule of the bank says no. It is answered with 422; nothing is written.</summary>
public sealed class RefusedException(string message) : Exception(message);
