namespace FluentEventStore;

/// <summary>
/// Says that a projection writes documents of a type, where its calls do not show it: a rebuild has to know what it makes anew.
/// </summary>
/// <typeparam name="T">The type of the documents.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class WritesAttribute<T> : Attribute
    where T : class;
