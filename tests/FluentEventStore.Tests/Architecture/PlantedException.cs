namespace FluentEventStore.Tests.Architecture;

/// <summary>Breaks the rules for exceptions and for asynchronous methods, for the test that this is found.</summary>
public class PlantedException : Exception
{
    public static Task WaitAsync() => Task.CompletedTask;
}
