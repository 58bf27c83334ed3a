namespace FluentEventStore.Tests.Architecture;

/// <summary>Breaks the rules for exceptions and asynchronous methods, so that a test shows that this is found.</summary>
public class PlantedException : Exception
{
    public static Task WaitAsync() => Task.CompletedTask;
}
