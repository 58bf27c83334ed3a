using System.Reflection;
using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

public sealed class ModelTests
{
    private static readonly Assembly Generator = typeof(FluentEventStoreGenerator).Assembly;

    public static TheoryData<Type> Models =>
    [
        .. Generator.GetTypes().Where(static type =>
            (type.Name.EndsWith("Model", StringComparison.Ordinal) && type != typeof(PropertyModel))
            || typeof(Shape).IsAssignableFrom(type) || typeof(Codec).IsAssignableFrom(type)),
        typeof(Registration), typeof(StoredName), typeof(PartialType), typeof(Leaf), typeof(NumberRange),
    ];

    [Theory, MemberData(nameof(Models))]
    public void A_model_compares_by_value_and_holds_nothing_of_the_compiler(Type model)
    {
        typeof(IEquatable<>).MakeGenericType(model).IsAssignableFrom(model).ShouldBeTrue();
        (model.IsSealed || model.IsAbstract).ShouldBeTrue();
        foreach (var field in model.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            ShouldBeComparable(field.FieldType);
        }
    }

    [Fact]
    public void What_source_is_generated_from_is_made_of_such_models()
    {
        var compilation = Sources.Parse(CachingTests.Source);
        var steps = Sources.Driver(compilation)
            .RunGenerators(compilation, TestContext.Current.CancellationToken)
            .GetRunResult()
            .Results.Single()
            .TrackedSteps;
        CachingTests.Steps.SelectMany(step => steps[step])
            .SelectMany(static run => run.Outputs)
            .SelectMany(static output => PartsOf(output.Value.GetType()))
            .Distinct()
            .Where(static part => !Models.Any(model => model.Data == part))
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_library_has_every_type_that_the_generator_names()
    {
        var names = typeof(KnownTypes).GetFields()
            .Where(static field => field.Name != nameof(KnownTypes.Library))
            .Select(static field => (string)field.GetValue(null)!)
            .ToArray();
        names.ShouldNotBeEmpty();
        foreach (var name in names)
        {
            typeof(EventAttribute).Assembly.GetType(name).ShouldNotBeNull(name);
        }

        typeof(EventAttribute).Assembly.GetName().Name.ShouldBe(KnownTypes.Library);
    }

    [Fact]
    public void Every_factory_of_the_library_that_the_generator_names_exists()
    {
        foreach (var collection in KnownCollections.Sequences)
            InLibrary($"CollectionFactories+{collection.Split('.')[^1]}").ShouldNotBeNull(collection);

        foreach (var dictionary in KnownCollections.Maps)
            InLibrary($"DictionaryFactories+{dictionary.Split('.')[^1]}").ShouldNotBeNull(dictionary);
    }

    private static Type? InLibrary(string name) => typeof(EventAttribute).Assembly.GetType("FluentEventStore.Serialization." + name);

    private static IEnumerable<Type> PartsOf(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(PartsOf) : [type];

    private static void ShouldBeComparable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        type.Assembly.FullName!.ShouldNotStartWith("Microsoft.CodeAnalysis");
        if (type.IsGenericType)
        {
            type.GetGenericTypeDefinition().ShouldBe(typeof(EquatableArray<>), "other collections compare by reference");
            ShouldBeComparable(type.GetGenericArguments()[0]);
        }
        else
        {
            (type.IsPrimitive || type.IsEnum || type == typeof(string) || type.Assembly == Generator).ShouldBeTrue(type.ToString());
        }
    }
}
