using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>What the program published with Native AOT must call: only what it calls is known to work there.</summary>
public sealed class NativeSmokeTests
{
    /// <summary>What the program need not call, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["IEventStore"] = "the program calls the class that implements it",
        ["EventStore.SeedAsync"] = "the program calls it by the interface, as a host does",
        ["IConfigureSessions"] = "users implement it, the host calls it",
        ["IMessageSink"] = "users implement it, the store calls it",
        ["ISubjectKeys"] = "users implement it, the store calls it",
        ["ITenantDatabases"] = "users implement it, the store calls it",
        ["EventContracts.Verify"] = "for tests",
        ["EventOptions.AddAssembly"] = "no assembly is loaded at run time there",
        ["EventStoreOptions.PgBouncer"] = "the program gets no pooler",
        ["EventStoreOptions.QueryOnStandby"] = "the program gets no standby",
        ["EventStoreOptions.set_TimeProvider"] = "for tests",
    };

    [Fact]
    public void The_program_calls_every_public_verb()
    {
        var called = Program().Types.SelectMany(TypeUses.Calls)
            .Where(static call => call.DeclaringType.Scope.Name == "FluentEventStore")
            .Select(static call => NameOf(call.Resolve()))
            .ToHashSet(StringComparer.Ordinal);

        Verbs().Select(NameOf).Where(verb => !called.Contains(verb)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_exempt_verb_exists()
    {
        var names = Library.Load(typeof(EventStore)).Types.Where(IsTypeOfVerbs)
            .SelectMany(static type => type.Methods.Select(method => $"{type.Name}.{method.Name}").Prepend(type.Name))
            .ToHashSet(StringComparer.Ordinal);
        Exceptions.Keys.Where(name => !names.Contains(name)).ShouldBeEmpty();
    }

    private static ModuleDefinition Program()
    {
        var folder = AppContext.BaseDirectory.Replace("FluentEventStore.Tests", "FluentEventStore.AotSmoke", StringComparison.Ordinal);
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        return ModuleDefinition.ReadModule(
            Path.Combine(folder, "FluentEventStore.AotSmoke.dll"), new ReaderParameters { AssemblyResolver = resolver });
    }

    /// <summary>
    /// The public methods and setters. Those that read a property, compare, convert or print a value do nothing of their own.
    /// </summary>
    private static IEnumerable<MethodDefinition> Verbs() =>
        from type in Library.Load(typeof(EventStore)).Types
        where IsTypeOfVerbs(type) && !Exceptions.ContainsKey(type.Name)
        from method in type.Methods
        where method.IsPublic && !method.IsConstructor && !Exceptions.ContainsKey($"{type.Name}.{method.Name}")
        where !method.IsSpecialName || (method.IsSetter && !IsInitOnly(method))
        where method.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$")
        select method;

    private static bool IsTypeOfVerbs(TypeDefinition type) =>
        type.IsPublic
            && type.Namespace == "FluentEventStore"
            && !type.Name.EndsWith("Exception", StringComparison.Ordinal)
            && !type.Name.EndsWith("Attribute", StringComparison.Ordinal);

    private static bool IsInitOnly(MethodDefinition setter) => setter.ReturnType is RequiredModifierType;

    private static string NameOf(MethodDefinition method) =>
        $"{method.DeclaringType.Name}.{method.Name}{string.Concat(
            method.GenericParameters.Select(static parameter => $"<{parameter.Name}>"))}"
        + $"({string.Join(", ", method.Parameters.Select(static parameter => parameter.ParameterType.FullName))})";
}
