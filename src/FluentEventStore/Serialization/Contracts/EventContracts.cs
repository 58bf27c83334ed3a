using System.Reflection;
using System.Runtime.CompilerServices;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>Tests that stored events can still be read, by the samples in the file <c>EventContracts.json</c> of an assembly.</summary>
public static class EventContracts
{
    /// <summary>
    /// Reads the sample of every version of every event, runs it through the upcasters, writes the result, and reads that again. No
    /// database is needed. Call it in a test: <c>EventContracts.Verify(typeof(OrderPlaced).Assembly)</c>.
    /// </summary>
    /// <param name="assembly">The assembly whose project has the file among its <c>AdditionalFiles</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="assembly"/> is <see langword="null"/>.</exception>
    /// <exception cref="EventContractException">
    /// A sample cannot be read or written again, or is missing; an event of the assembly is not in its contract; or it has no contract.
    /// </exception>
    public static void Verify(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);

        // The types of an assembly are registered when its module is first run.
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        var failures = Find(assembly).ToArray();
        if (failures.Length > 0)
            throw new EventContractException(assembly.GetName().Name!, failures);
    }

    private static IEnumerable<EventContractFailure> Find(Assembly assembly)
    {
        var samples = assembly.GetCustomAttributes<GeneratedSampleAttribute>().ToDictionary(
            static sample => (sample.Name, sample.Version), static sample => sample.Json);
        if (samples.Count == 0)
            return [new EventContractFailure(
                "",
                0,
                "$",
                "It has no contract, or an empty one: list EventContracts.json among the AdditionalFiles of its project, and build with "
                    + "-p:UpdateEventContracts=true.")];

        var missing = assembly.GetCustomAttributes<GeneratedNameAttribute>()
            .Where(name => name.Kind == "event" && !samples.ContainsKey((name.Name, name.Version)))
            .Select(
                static name => new EventContractFailure(
                    name.Name, name.Version, "$", "It is not in the contract: build with -p:UpdateEventContracts=true."));
        return samples.Select(static sample => ContractSample.Replay(sample.Key.Name, sample.Key.Version, sample.Value))
            .OfType<EventContractFailure>()
            .Concat(missing)
            .OrderBy(static failure => failure.TypeName, StringComparer.Ordinal).ThenBy(static failure => failure.TypeVersion);
    }
}
