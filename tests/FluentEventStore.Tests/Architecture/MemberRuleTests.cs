using System.ComponentModel;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

public sealed class MemberRuleTests
{
    private const BindingFlags AllMembers = BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    [Fact]
    public void Every_exception_belongs_to_the_family_is_sealed_and_carries_data() =>
        Library.Types.Select(static type => FindFault(type.Type)).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void Every_asynchronous_method_takes_a_cancellation_token_last() =>
        Library.Types.SelectMany(static type => TypeUses.WithNested(type.Type)).SelectMany(static type => type.Methods).Where(LacksToken)
            .Select(static method => $"{method.DeclaringType.Name}.{method.Name}")
            .ShouldBeEmpty();

    [Fact]
    public void An_exception_outside_the_family_or_without_data_is_found()
    {
        var tests = Library.Load(typeof(MemberRuleTests));

        FindFault(tests.GetType(typeof(PlantedException).FullName)).ShouldBe(
            "PlantedException is not sealed, is no FluentEventStoreException, has no data");
        tests.GetType(typeof(PlantedException).FullName).Methods.ShouldContain(static method => LacksToken(method));
    }

    [Fact]
    public void No_public_parameter_is_optional_but_a_cancellation_token()
    {
        var optional =
            from assembly in new[]
            {
                typeof(EventStore).Assembly, typeof(AspNetCore.Preconditions).Assembly, typeof(LocalPostgres).Assembly,
            }
            from type in assembly.GetExportedTypes()
            from member in type.GetMembers(AllMembers).OfType<MethodBase>()
            where member.IsPublic || member.IsFamily || member.IsFamilyOrAssembly
            from parameter in member.GetParameters()
            where parameter.IsOptional && parameter.ParameterType != typeof(CancellationToken)
            select $"{type.Name}.{member.Name}({parameter.Name})";

        optional.ShouldBeEmpty(
            "A parameter that is added later breaks what was compiled before: add an overload, or an object of options.");
    }

    [Fact]
    public void Every_exception_can_be_made_by_the_tests_of_an_application() =>
        typeof(EventStore).Assembly.GetExportedTypes()
            .Where(static type => type.IsSubclassOf(typeof(Exception)) && !type.IsAbstract && type.GetConstructors().Length == 0)
            .Select(static type => type.Name)
            .ShouldBeEmpty();

    [Fact]
    public void What_a_store_offers_can_be_replaced_by_the_tests_of_an_application() =>
        (from type in typeof(EventStore).Assembly.GetExportedTypes()
         where type is { IsInterface: true, Namespace: "FluentEventStore" }
         from method in type.GetMethods()
         from returned in Named(method.ReturnType)
         where returned is { IsClass: true, IsGenericParameter: false, Namespace: "FluentEventStore" }
             && returned.GetConstructors().Length == 0
         select $"{type.Name}.{method.Name} returns {returned.Name}, which only the store can make").Distinct().ShouldBeEmpty();

    [Fact]
    public void A_method_of_options_returns_them() =>
        (from type in typeof(EventStore).Assembly.GetExportedTypes()
         where type.Name.EndsWith("Options", StringComparison.Ordinal)
         from method in type.GetMethods(AllMembers)
         where method is { IsPublic: true, IsSpecialName: false } && method.ReturnType != type
         select $"{type.Name}.{method.Name}").ShouldBeEmpty();

    [Fact]
    public void Methods_with_any_number_of_arguments_can_be_called_in_older_language_versions_and_are_called_there()
    {
        var consumer = Consumer.OfProject(LanguageVersion.CSharp12, "tests/FluentEventStore.PackageTests/Consumers/Shop/Contracts");

        consumer.Faults.ShouldBeEmpty();
        consumer.Taking.Where(static member => member.TakenAs is not IArrayTypeSymbol).ShouldBeEmpty();
        consumer.Taking.Select(static member => member.Member).Except(consumer.Calls).ShouldBeEmpty();
    }

    [Fact]
    public void A_call_of_a_list_or_of_another_overload_is_no_call_of_what_takes_any_number_of_things()
    {
        var consumer = Consumer.Of(
            LanguageVersion.CSharp12,
            """
            class Calls
            {
                object Filter(string[] names, System.Collections.Generic.IEnumerable<string> more) =>
                    new FluentEventStore.EventFilter().OfTypes(names).OfTypes(more).OfTenants("a");
            }
            """);

        consumer.Faults.ShouldBeEmpty();
        consumer.Calls.ShouldBe(["EventFilter.OfTenants(params TenantId[])"]);
        consumer.Taking.Select(static member => member.Member).ShouldContain("EventFilter.OfTypes(params string[])");
    }

    [Fact]
    public void What_only_generated_code_names_is_hidden_from_editors() => typeof(EventStore).Assembly.GetExportedTypes()
        .Where(static type => type is { IsNested: false, Namespace: not ("FluentEventStore" or "FluentEventStore.Testing") })
        .Where(static type => type.GetCustomAttribute<EditorBrowsableAttribute>() is not { State: EditorBrowsableState.Never })
        .Select(static type => type.FullName)
        .ShouldBeEmpty();

    private static string? FindFault(TypeDefinition type)
    {
        if (!type.Name.EndsWith("Exception", StringComparison.Ordinal) || type.Name == nameof(FluentEventStoreException))
            return null;

        List<string> faults = [];
        if (!type.IsSealed && !type.IsAbstract)
            faults.Add("is not sealed");
        TypeDefinition[] family = [.. OwnFamily(type)];
        if (family[^1].Name != nameof(FluentEventStoreException))
            faults.Add("is no FluentEventStoreException");

        // Nothing is known but what broke the connection: the inner exception is the data.
        if (!family.Any(HasPublicProperty) && type.Name != nameof(CommitOutcomeUnknownException))
            faults.Add("has no data");

        return faults.Count > 0 ? $"{type.Name} {string.Join(", ", faults)}" : null;
    }

    private static IEnumerable<TypeDefinition> OwnFamily(TypeDefinition exception)
    {
        yield return exception;
        for (var parent = exception.BaseType; parent.FullName != typeof(Exception).FullName; parent = parent.Resolve().BaseType)
            yield return parent.Resolve();
    }

    private static bool HasPublicProperty(TypeDefinition type) => type.Properties.Any(static property => property.GetMethod.IsPublic);

    private static bool LacksToken(MethodDefinition method) =>
        method.Name.EndsWith("Async", StringComparison.Ordinal)
        && !method.Name.EndsWith(nameof(IAsyncDisposable.DisposeAsync), StringComparison.Ordinal)
        && !method.Name.Contains('<', StringComparison.Ordinal)
        && (method.Parameters.Count == 0 || method.Parameters[^1].ParameterType.FullName != typeof(CancellationToken).FullName);

    /// <summary>The types that a type is made of.</summary>
    private static IEnumerable<Type> Named(Type type) => type.HasElementType
        ? Named(type.GetElementType()!)
        : [type, .. type.GetGenericArguments().SelectMany(Named)];
}
