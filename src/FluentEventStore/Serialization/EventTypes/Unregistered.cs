namespace FluentEventStore.Serialization;

/// <summary>Says why a type is not known to the process.</summary>
internal static class Unregistered
{
    public static string Event(Type type) => Describe(type, "an event", "[Event]");

    public static string Aggregate(Type type) => Describe(type, "an aggregate", "[Aggregate]");

    public static string Document(Type type) => Describe(type, "a document", "[Document], or kept as a snapshot");

    // Most readers have marked the type and look for the fault there, so the message names the reference too.
    private static string Describe(Type type, string role, string mark) =>
        $"{type} is not registered as {role}: is it marked with {mark}, and does its project reference the generator?";
}
