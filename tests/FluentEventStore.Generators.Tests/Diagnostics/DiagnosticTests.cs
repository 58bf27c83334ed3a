using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class DiagnosticTests
{
    public static TheoryData<string, string, string> Everything => new()
    {
        { "FES0001", """[Event("")] public sealed record Placed;""", "'' is not a valid name for event 'Placed': it is empty" },
        { "FES0001", """[Event(" x")] public sealed record Placed;""", "begins or ends with white space" },
        { "FES0001", """[Event("a\u0000b")] public sealed record Placed;""", "it holds a control character" },
        {
            "FES0001",
            """[Message("")] public sealed record SendMail(string To);""",
            "'' is not a valid name for message 'SendMail': it is empty"
        },
        { "FES0001", """[Document("Customer")] public sealed record Customer(Guid Id);""", "lower-case letters" },
        { "FES0001", """[Aggregate("a b")] public sealed partial record Order(Guid Id);""", "is not a valid name for aggregate 'Order'" },
        { "FES0002", "[Event(Version = 0)] public sealed record Placed;", "The version of event 'Placed' is 0" },
        {
            "FES0001",
            """[Event("x"), EventAlias("x")] public sealed record A;""",
            "'x' is not a valid name for event 'A': it is the event's own name"
        },
        { "FES0001", """[Event("x"), EventAlias("")] public sealed record A;""", "it is empty" },
        {
            "FES0003",
            """[Event("x")] public sealed record A; [Event("y"), EventAlias("x")] public sealed record B;""",
            "version 1 of the event 'x' is declared by both 'A' and 'B'"
        },
        {
            "FES0003",
            """[Event("y"), EventAlias("x")] public sealed record A; [Event("z"), EventAlias("x")] public sealed record B;""",
            "version 1 of the event 'x' is declared by both 'A' and 'B'"
        },
        {
            "FES0018",
            """[Event("y"), EventAlias("x")] public sealed record A; """
                + """public static class Up { [Upcaster("x")] public static A From(System.Text.Json.JsonElement old) => null!; }""",
            "is an alias of 'A'"
        },
        {
            "FES0003",
            """[Event("x")] public sealed record A; [Event("x")] public sealed record B;""",
            "version 1 of the event 'x' is declared by both 'A' and 'B'"
        },
        {
            "FES0003",
            """[Document("x")] public sealed record A(Guid Id); [Document("x")] public sealed record B(Guid Id);""",
            "document 'x' is declared by both"
        },
        {
            "FES0003",
            """[Document("x")] public sealed record A(Guid Id); [Aggregate("x")] public sealed partial record B(Guid Id);""",
            "document 'x' is declared by both"
        },
        { "FES0004", "[Event] public abstract record Placed;", "it is abstract" },
        { "FES0004", "[Event] public static class Placed;", "it is static" },
        { "FES0004", "[Document] public sealed record Placed<T>(Guid Id, T Value);", "it is an open generic type" },
        { "FES0001", """[Event(" x")] public sealed record Placed<T>(T Value);""", "begins or ends with white space" },
        {
            "FES0005",
            "[assembly: ClosedEvent(typeof(Placed<Action>))] [Event] public sealed record Placed<T>(T Value);",
            "'Placed<System.Action?>.Value' of type 'System.Action?' cannot be stored"
        },
        {
            "FES0003",
            "[assembly: ClosedEvent(typeof(Placed<A.X>)), ClosedEvent(typeof(Placed<B.X>))] [Event] public sealed record Placed<T>; "
                + "namespace A { public class X; } namespace B { public class X; }",
            "version 1 of the event 'placed-of-x' is declared by both"
        },
        { "FES0004", "[Event] public ref struct Placed { }", "it is a ref struct" },
        { "FES0004", """[Event, Obsolete("x", true)] public sealed record Placed;""", "it is obsolete as an error" },
        {
            "FES0005",
            """[Event] public sealed class Placed { [Obsolete("x", true)] public int A { get; set; } }""",
            "it is obsolete as an error"
        },
        { "FES0004", "[Event] file sealed record Placed;", "it is local to its file" },
        { "FES0004", "public class Outer { [Event] private sealed record Placed; }", "private or protected" },
        {
            "FES0004",
            "[Event] public sealed record Placed(Line Line); public abstract record Line;",
            "'Line' cannot be stored: it is abstract"
        },
        { "FES0004", """[Event, JsonConverter(typeof(int))] public sealed record Placed(int A);""", "not on an event or document itself" },
        {
            "FES0004",
            """[Event, JsonDerivedType(typeof(Sooner), "s")] public record Placed(int A); """
                + """public sealed record Sooner(int A) : Placed(A);""",
            "[JsonDerivedType] works only on the type of a member"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonPolymorphic] public record Line;""",
            "[JsonPolymorphic] on 'Line' is not supported: no [JsonDerivedType] lists a type"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(string))] public record Line;""",
            "'string' does not derive from it"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(int[]))] public record Line;""",
            "it does not name a class"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(A<>), "a")] public record Line; """
                + """public record A<T> : Line;""",
            "'A<>' is an open generic type"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); """
                + """[JsonDerivedType(typeof(A), 1), JsonDerivedType(typeof(A), 2)] public record Line; public record A : Line;""",
            "'A' is listed twice"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); """
                + """[JsonDerivedType(typeof(A), "x"), JsonDerivedType(typeof(B), "x")] public record Line; public record A : Line; """
                + """public record B : Line;""",
            "another type has the discriminator of 'B'"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); """
                + """[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind"), JsonDerivedType(typeof(A), "x")] """
                + """public record Line(int Kind); public record A(int Kind) : Line(Kind);""",
            "it has a property that is 'kind' in JSON"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(FastLine))] public record Line; """
                + """public sealed record FastLine(int Y) : Line;""",
            "[JsonDerivedType] on 'Line' is not supported: the JSON of 'FastLine' would not say what it is: give it a "
                + "discriminator, as in [JsonDerivedType(typeof(FastLine), \"fast-line\")]"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(A))] public interface Line; """
                + """public sealed record A(int Y) : Line;""",
            "the JSON of 'A' would not say what it is"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); """
                + """[JsonDerivedType(typeof(A), "a"), JsonDerivedType(typeof(B))] public abstract record Line; public record A : Line; """
                + """public sealed record B : A;""",
            "the JSON of 'B' would not say what it is"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(A), "a\0b")] public interface Line; """
                + """public sealed record A(int Y) : Line;""",
            "jsonb cannot keep U+0000"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(A), "\ud800")] public interface Line; """
                + """public sealed record A(int Y) : Line;""",
            "jsonb cannot keep a lone surrogate"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Line Line); """
                + """[JsonPolymorphic(TypeDiscriminatorPropertyName = "a\0b"), JsonDerivedType(typeof(A), "a")] public interface Line; """
                + """public sealed record A(int Y) : Line;""",
            "[JsonPolymorphic] on 'Line' is not supported: jsonb cannot keep U+0000"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed([property: JsonPropertyName("$")] int A);""",
            "[JsonPropertyName] on 'Placed.A' is not supported: the property '$' of an event belongs to the store"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] """
                + """[PersonalData(Subject = "Who")] bool Is);""",
            "it is left out when it has the default of its type, and its absence would show that"
        },
        {
            "FES0004",
            "[Event] public sealed record Order(int A); namespace FluentEventStore.Generated { public static class OrderJson; }",
            "'Order' cannot be stored: 'FluentEventStore.Generated.OrderJson' is declared in the namespace of generated code; move it "
                + "to another namespace"
        },
        {
            "FES0004",
            "[Document] public sealed record Order(Guid Id); namespace FluentEventStore.Generated.Value { public static class OrderJson; }",
            "'FluentEventStore.Generated.Value' is declared in the namespace of generated code"
        },
        {
            "FES0004",
            """[Event] public sealed record Placed(Line Line); [JsonDerivedType(typeof(A), "x")] public record Line; """
                + """public abstract record A : Line;""",
            "'A' cannot be stored: it is abstract"
        },
        {
            "FES0005",
            """[Event] public sealed record Placed(Line Line); [JsonConverter(typeof(int))] public record Line;""",
            "'int' is not a JsonConverter<Line>"
        },
        {
            "FES0005",
            """[Event] public sealed record Placed([property: JsonConverter(typeof(JsonStringEnumConverter))] int A);""",
            "is not a JsonConverter<int>"
        },
        {
            "FES0005",
            """[Event] public sealed record Placed([property: JsonConverter(typeof(C))] int A); """
                + """public abstract class C : JsonConverter<int>;""",
            "'C' is abstract"
        },
        { "FES0005", "[Event] public sealed record Placed(object Value);", "'Placed.Value' of type 'object' cannot be stored" },
        { "FES0005", "[Event] public sealed record Placed(dynamic Value);", "it has no form in JSON" },
        { "FES0005", "[Event] public sealed record Placed(List<object?> Values);", "says nothing about its shape" },
        { "FES0005", "[Event] public sealed record Placed((int, string) Pair);", "declare a record" },
        { "FES0005", "[Event] public sealed record Placed(nint Value);", "depends on the machine" },
        { "FES0005", "[Event] public sealed record Placed(Action Value);", "cannot be stored" },
        { "FES0005", "[Event] public sealed record Placed(IComparable Value);", "the only supported interfaces are" },
        { "FES0005", "[Event] public sealed record Placed(int[,] Values);", "use an array of arrays" },
        { "FES0005", "[Event] public sealed record Placed(System.Text.StringBuilder Value);", "this type of .NET is not supported" },
        {
            "FES0005",
            "[Event] public sealed record Placed(System.Collections.Concurrent.ConcurrentBag<int> Values);",
            "this type of .NET is not supported"
        },
        { "FES0005", "[Event] public sealed record Placed(Dictionary<DateTime, int> Values);", "the keys of a dictionary must be" },
        { "FES0005", "[Event] public sealed record Placed { public int Value { set { } } }", "it has no public getter" },
        {
            "FES0005",
            "[Event] public sealed record Placed : Base { [JsonIgnore] internal new int Value; } public abstract record Base { public int "
                + "Value { get; init; } }",
            "'Base.Value' of type 'int' cannot be stored: 'Placed.Value' hides it"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed : Base { public new const int Value = 1; } public abstract class Base { [JsonInclude] "
                + "public int Value; }",
            "'Base.Value' of type 'int' cannot be stored: 'Placed.Value' hides it"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed : Base { public new void Value() { } } public abstract class Base { public int Value { "
                + "get; set; } }",
            "'Base.Value' of type 'int' cannot be stored: 'Placed.Value()' hides it"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed : Base { [JsonInclude] private int _value = 1; } public abstract class Base { "
                + "[JsonInclude, JsonPropertyName(\"base\")] private int _value = 2; }",
            "'Base._value' of type 'int' cannot be stored: 'Placed._value' has the same name"
        },
        {
            "FES0005",
            "[Event] internal sealed class Placed { internal required int Value { get; init; } }",
            "'Placed.Value' of type 'int' cannot be stored: it is required, but neither public nor marked with [JsonInclude]"
        },
        {
            "FES0005",
            "[Event] internal sealed class Placed { internal required int Value; }",
            "'Placed.Value' of type 'int' cannot be stored: it is required, but neither public nor marked with [JsonInclude]"
        },
        {
            "FES0009",
            "[Event] public sealed class Placed { [JsonIgnore] public required int Value; }",
            "[JsonIgnore] on 'Placed.Value' is not supported: the property is required"
        },
        { "FES0005", "[Event] public sealed unsafe class Placed { public int* Value { get; set; } }", "it has no form in JSON" },
        {
            "FES0005",
            "[Event] public sealed record Placed(Line Line); public sealed record Line(Task Work);".Replace(
                "Task", "System.Threading.Tasks.Task"),
            "'Line.Work'"
        },
        { "FES0006", "[Event] public sealed class Placed { private Placed() { } }", "it has no public constructor" },
        {
            "FES0006",
            "[Event] public sealed class Placed { public Placed(int a) { A = a; } public Placed(int a, int b) { A = a + b; } public int A "
                + "{ get; } }",
            "several public constructors"
        },
        {
            "FES0006",
            "[Event] public sealed class Placed { [JsonConstructor] public Placed(int a) { A = a; } [JsonConstructor] public Placed() { } "
                + "public int A { get; } }",
            "several constructors are marked"
        },
        {
            "FES0006",
            "[Event] public sealed class Placed { [JsonConstructor] private Placed(int a) { A = a; } public int A { get; } }",
            "private or protected"
        },
        {
            "FES0007",
            "[Event] public sealed class Placed { public Placed(int other) { A = other; } public int A { get; } }",
            "does not have the name of a public property"
        },
        {
            "FES0007",
            "[Event] public sealed class Placed { public Placed(string a) { A = a.Length; } public int A { get; } }",
            "has another type than the property 'A'"
        },
        { "FES0007", "[Event] public sealed record Placed([property: JsonIgnore] int A);", "has no default, but its property is ignored" },
        {
            "FES0007",
            "[Event] public sealed class Placed { public Placed(out int a) { a = 1; } public int A { get; } }",
            "is passed by reference"
        },
        {
            "FES0008",
            "[Event] public sealed record Placed { public int Count { get; } = 1; }",
            "'Placed.Count' would be written but never read back"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonIgnore(Condition = (JsonIgnoreCondition)77)] public string? A { get; init; } }",
            "only the conditions Always"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int A { get; "
                + "init; } }",
            "the value is never null"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public "
                + "int A { get; init; } }",
            "JSON without the property is refused"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed { [JsonNumberHandling(JsonNumberHandling.WriteAsString)] "
                + "public string? A { get; init; } }",
            "[JsonNumberHandling] says how numbers are written, but it holds no numbers"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)] public List<int>? A "
                + "{ get; init; } }",
            "[JsonObjectCreationHandling] on 'Placed.A' is not supported"
        },
        {
            "FES0008",
            "[Event] public sealed class Placed { [JsonInclude] public readonly int Count = 1; }",
            "'Placed.Count' would be written but never read back"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] "
                + "public int A; }",
            "the value is never null"
        },
        {
            "FES0011",
            "[Event] public sealed class Placed { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int Count; }",
            "'Placed.Count' is a field"
        },
        {
            "FES0010",
            "[Event] public sealed class Placed { [JsonInclude] private int count; public int Count { get; init; } }",
            "'Placed.count' and 'Placed.Count' have the same JSON name 'count'"
        },
        {
            "FES0008",
            "[Event] public sealed class Placed { [JsonInclude] private int Count { get; } = 1; }",
            "'Placed.Count' would be written but never read back"
        },
        {
            "FES0021",
            """[Event] public sealed record Placed([property: PersonalData(Subject = "Who")] string Name) { """
                + """[JsonInclude] internal string Who { get; init; } = ""; }""",
            "has no public property 'Who'"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonIgnore] public required int A { get; init; } }",
            "the property is required"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Guid Id) { [JsonExtensionData, PersonalData(Subject = "Id")] """
                + """public Dictionary<string, System.Text.Json.JsonElement>? A { get; init; } }""",
            "personal data, which would be in the JSON as it is"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonExtensionData] public Dictionary<string, int>? A { get; init; } }",
            "is not a Dictionary<string, JsonElement>"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement> A => []; }",
            "has no setter"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement>? A { get; "
                + "init; } [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement>? B { get; init; } }",
            "another property of the type has it"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed { [JsonPropertyName("a\u0000")] public int B { get; init; } }""",
            "jsonb cannot keep U+0000"
        },
        {
            "FES0009",
            """[Event] public sealed record Placed(Colour Colour); public enum Colour { [JsonStringEnumMemberName("\uD800")] A }""",
            "jsonb cannot keep a lone surrogate"
        },
        {
            "FES0010",
            """[Event] public sealed record Placed(int A, [property: JsonPropertyName("a")] int B);""",
            "'Placed.A' and 'Placed.B' have the same JSON name 'a'"
        },
        {
            "FES0010",
            "[Event] public sealed record Placed(Colour Colour); public enum Colour { [JsonStringEnumMemberName(\"x\")] A, "
                + "[JsonStringEnumMemberName(\"x\")] B }",
            "'Colour.A' and 'Colour.B'"
        },
        { "FES0011", "[Event] public sealed class Placed { public int Count; }", "'Placed.Count' is a field" },
        { "FES0012", "[Document] public sealed record Customer(string Name);", "it has no public property 'Id'" },
        { "FES0012", "[Document] public sealed record Customer(DateTime Id);", "its 'Id' is of type 'System.DateTime'" },
        {
            "FES0012",
            "[Document] public sealed record Customer(string? Id);",
            "its 'Id' is of type 'string?' and may be null: make it 'string'"
        },
        {
            "FES0012",
            "[Document] public sealed record Customer(Guid? Id);",
            "its 'Id' is of type 'System.Guid?' and may be null: make it 'System.Guid'"
        },
        { "FES0012", "[Document] public sealed class Customer(Guid id) { public Guid Id { get; } = id; }", "declare it as { get; init; }" },
        { "FES0012", "[Document] public sealed class Customer { [JsonIgnore] public Guid Id { get; set; } }", "its 'Id' is ignored" },
        { "FES0013", "[Aggregate] public sealed record Order(Guid Id);", "declare 'Order' as partial" },
        { "FES0013", "public class Outer { [Aggregate] public sealed partial record Order(Guid Id); }", "declare 'Outer' as partial" },
        { "FES0013", "[StreamId] public readonly record struct OrderId(Guid Value);", "declare 'OrderId' as partial" },
        { "FES0014", Order("public Order Create(Placed e) => this;"), "'Order.Create(Placed)' cannot be called: it must be static" },
        {
            "FES0014",
            Order("public static Order Create(Line e) => new(Guid.Empty);") + "public sealed record Line;",
            "'Line' is not marked with [Event]"
        },
        {
            "FES0014",
            Order("public static Order Create(Line e, Guid id) => new(id);") + "public readonly record struct Line;",
            "it must take exactly one event"
        },
        { "FES0014", Order("public static Order Create(Guid id, Placed e) => new(id);"), "it must take exactly one event" },
        { "FES0014", Order("public static Order Create(EventMetadata metadata) => new(Guid.Empty);"), "it must take exactly one event" },
        { "FES0014", Order("public Order Create(Guid id) => this;"), "'System.Guid' is not marked with [Event]" },
        {
            "FES0014",
            Order("public static Order Create(Ticked? e) => new(Guid.Empty);") + "[Event] public readonly record struct Ticked;",
            "'Ticked?' is not marked with [Event]"
        },
        { "FES0014", Order("public static int Create(Placed e) => 1;"), "it must return 'Order'" },
        { "FES0014", Order("public static Order Create(Placed e, Order order) => order;"), "it cannot take the state" },
        { "FES0014", Order("public int Apply(Placed e) => 1;"), "it must return 'Order', or nothing" },
        { "FES0014", Order("public static Order Apply(Placed e) => new(Guid.Empty);"), "it is static, so it must take the state" },
        { "FES0014", Order("public Order Apply(Placed e, Order order) => order;"), "it must not take the state" },
        { "FES0014", Order("public Order Apply(string e) => this;"), "'string' is not marked with [Event]" },
        { "FES0014", Order("public Order Apply(object e) => this;"), "to take every event, it must take IEvent" },
        {
            "FES0014",
            Order("public Order Apply(IComparable e) => this;"),
            "'System.IComparable' is not marked with [Event] and is not a base type of events"
        },
        {
            "FES0014",
            Order("public Order Apply(Line e) => this;") + "public readonly record struct Line;",
            "'Line' is not marked with [Event]"
        },
        {
            "FES0014",
            Order("public Order Apply(IEvent<Line> e) => this;") + "public sealed record Line;",
            "'Line' is not marked with [Event]"
        },
        {
            "FES0014",
            Order("public Order Apply(Placed e, IDocumentSession session) => this;"),
            "it cannot take 'FluentEventStore.IDocumentSession'"
        },
        { "FES0014", Order("public Order Apply(Placed e, Placed f) => this;"), "it must take exactly one event" },
        {
            "FES0014",
            Order("public Order Apply(IEvent a) => this; public Order Apply(IEvent a, EventMetadata b) => this;"),
            "there is another Apply for every event"
        },
        { "FES0014", Handler("void Handle(Placed e, int more) { }"), "it must take exactly one event" },
        {
            "FES0014",
            Handler("int Handle(Placed e) => 1;"),
            "'Mailer.Handle(Placed)' cannot be called: it must return nothing, Task or ValueTask"
        },
        { "FES0014", Handler("System.Threading.Tasks.Task<int> Handle(Placed e) => null!;"), "it must return nothing, Task or ValueTask" },
        { "FES0014", Handler("async void Handle(Placed e) => await System.Threading.Tasks.Task.Yield();"), "nobody would wait for it" },
        { "FES0014", Handler("void Handle(string e) { }"), "'string' is not marked with [Event]" },
        { "FES0014", Handler("void Handle(Placed e) { } void HandleAsync(Placed e) { }"), "there is another HandleAsync for 'Placed'" },
        {
            "FES0014",
            Decider("static string Decide(Place c) => \"\";"),
            "'Cart.Decide(Place)' cannot be called: it must return an event, a sequence of events, or a task of these"
        },
        {
            "FES0014",
            Decider("static IEnumerable<int> Decide(Place c) => [];"),
            "it must return an event, a sequence of events, or a task of these"
        },
        { "FES0014", Decider("static int? Decide(Place c) => null;"), "it must return an event, a sequence of events, or a task of these" },
        { "FES0014", Decider("static void Decide(Place c) { }"), "it must return an event" },
        { "FES0014", Decider("static Placed Decide(int state) => new();"), "it must take exactly one command" },
        {
            "FES0014",
            Decider("static Placed Decide(Place c, IDocumentSession session) => new();"),
            "it cannot take 'FluentEventStore.IDocumentSession'"
        },
        {
            "FES0014",
            Decider("static Placed Decide(Place c) => new();", evolve: "static string Evolve(int state, Placed e) => \"\";"),
            "it must return 'int'"
        },
        {
            "FES0014",
            Decider("static Placed Decide(Place c) => new();", evolve: "static int Evolve(int state, int other, Placed e) => 1;"),
            "it takes the state twice"
        },
        {
            "FES0014",
            Decider(
                "static Placed Decide(Place c, string state) => new();",
                state: "string?",
                evolve: "static string? Evolve(Placed e) => null;"),
            "the state may be null: take it as 'string?'"
        },
        {
            "FES0014",
            Decider("static Placed Decide(Place c) => new();", state: "string", evolve: "static string? Evolve(Placed e) => null;"),
            "it may return null"
        },
        { "FES0014", Order("public Order Apply<T>(Placed e) => this;"), "it is generic" },
        { "FES0014", Order("public Order Apply(ref Placed e) => this;"), "is passed by reference" },
        { "FES0014", Order("public void ShouldDelete(Placed e) { }"), "it must return bool" },
        {
            "FES0014",
            Order("public Order Apply(Placed e) => this; public Order Apply(IEvent<Placed> e) => this;"),
            "there is another Apply for 'Placed'"
        },
        {
            "FES0014",
            Order("public async System.Threading.Tasks.Task Apply(Placed e) => await System.Threading.Tasks.Task.Yield();"),
            "it is asynchronous"
        },
        { "FES0015", "[StreamId] public readonly partial record struct OrderId(decimal Value);", "'OrderId' is not a typed stream id" },
        { "FES0015", "[StreamId] public readonly partial record struct OrderId(Guid A, Guid B);", "'OrderId' is not a typed stream id" },
        {
            "FES0015",
            "[StreamId] public partial struct OrderId { public Guid Value { get; init; } }",
            "'OrderId' is not a typed stream id"
        },
        {
            "FES0016",
            """[Aggregate("a"), Document("b")] public sealed partial record Order(Guid Id);""",
            "named 'a' as an aggregate and 'b' as a document"
        },
        {
            "FES0017",
            Upcasters("[Upcaster] public New Up(V1 old) => null!;", isStatic: false),
            "'Upcasters.Up(V1)' cannot be called for an old event: it must be static"
        },
        { "FES0017", Upcasters("[Upcaster] private static New Up(V1 old) => null!;"), "private or protected" },
        { "FES0017", Upcasters("[Upcaster] public static New Up<T>(V1 old) => null!;"), "it is generic" },
        {
            "FES0017",
            Upcasters(
                "[Upcaster] public static async System.Threading.Tasks.Task<New> Up(V1 old) { await System.Threading.Tasks.Task.Yield(); "
                    + "return null!; }"),
            "it is asynchronous"
        },
        { "FES0017", Upcasters("[Upcaster] public static New Up(ref V1 old) => null!;"), "the parameter 'old' is passed by reference" },
        { "FES0017", Upcasters("[Upcaster] public static New Up() => null!;"), "it must take the old shape" },
        {
            "FES0017",
            Upcasters("[Upcaster] public static New Up(V1 old, EventMetadata metadata, int more) => null!;"),
            "it must take the old shape"
        },
        {
            "FES0017",
            Upcasters("[Upcaster] public static New Up(V1 old, string metadata) => null!;"),
            "must be EventMetadata, not 'string'"
        },
        {
            "FES0017",
            Upcasters("[Upcaster] public static string Up(V1 old) => null!;"),
            "it returns 'string', which is not marked with [Event]"
        },
        { "FES0017", Upcasters("[Upcaster] public static void Up(V1 old) { }"), "it returns 'void'" },
        { "FES0017", Upcasters("[Upcaster] public static New? Up(V1 old) => null!;"), "it may return null" },
        {
            "FES0017",
            Upcasters("[Upcaster] public static New Up(string old) => null!;"),
            "it takes 'string', which is neither marked with [Event]"
        },
        {
            "FES0017",
            Upcasters("[Upcaster] public static New Up(System.Text.Json.JsonElement old) => null!;"),
            "JSON does not say which event it is of"
        },
        { "FES0017", Upcasters("""[Upcaster("x")] public static New Up(V1 old) => null!;"""), "'V1' says itself which event it is" },
        { "FES0017", Upcasters("[Upcaster(Version = 1)] public static New Up(V1 old) => null!;"), "'V1' says itself which version it is" },
        {
            "FES0017",
            Upcasters("public static void Outer() { [Upcaster] static New Up(V1 old) => null!; Up(null!); }"),
            "it is not a method of a class"
        },
        {
            "FES0017",
            Shapes + "public static class Upcasters<T> { [Upcaster] public static New Up(V1 old) => null!; }",
            "a type around it is generic"
        },
        { "FES0017", Shapes + "file static class Upcasters { [Upcaster] public static New Up(V1 old) => null!; }", "is local to its file" },
        {
            "FES0001",
            Upcasters("""[Upcaster("")] public static New Up(System.Text.Json.JsonElement old) => null!;"""),
            "'' is not a valid name for the event of"
        },
        {
            "FES0002",
            Upcasters("""[Upcaster("x", Version = 0)] public static New Up(System.Text.Json.JsonElement old) => null!;"""),
            "is 0; the first version is 1"
        },
        {
            "FES0018",
            Upcasters("[Upcaster] public static New Up(V1 old) => null!; [Upcaster] public static New Up2(V1 old) => null!;"),
            "Version 1 of the event 'x' is taken by 'Upcasters.Up2' and by 'Upcasters.Up'"
        },
        {
            "FES0018",
            Upcasters(
                """[Upcaster] public static New Up(V1 old) => null!; """
                    + """[Upcaster("x")] public static New Up2(System.Text.Json.JsonElement old) => null!;"""),
            "declared by 'V1'"
        },
        {
            "FES0018",
            Upcasters(
                """[Upcaster("y")] public static New Up(System.Text.Json.JsonElement old) => null!; """
                    + """[Upcaster("y")] public static New Up2(System.Text.Json.JsonElement old) => null!;""",
                withV1: false),
            "and by 'Upcasters.Up'"
        },
        {
            "FES0019",
            Upcasters("[Upcaster] public static New Up(V1 old) => null!; [Upcaster] public static V1 Down(New old) => null!;"),
            "'Upcasters.Down' leads back to version 2 of the event 'x'"
        },
        {
            "FES0019",
            Upcasters("[Upcaster] public static New Up(V1 old) => null!; [Upcaster] public static New Same(New old) => null!;"),
            "'Upcasters.Same' leads back to version 2"
        },
        {
            "FES0020",
            Upcasters("""[Upcaster("x", Version = 7)] public static V1 Up(System.Text.Json.JsonElement old) => null!;"""),
            "No upcaster leads on from version 1 of the event 'x', whose current version is 2: add one from 'V1'"
        },
        {
            "FES0020",
            Upcasters("[Upcaster] public static New Up(V1 old) => null!; ") + """[Event("x", Version = 3)] public sealed record Newest;""",
            "from version 2 of the event 'x'"
        },
        {
            "FES0020",
            Upcasters("[Upcaster] public static Newest Up(V1 old) => null!; ")
                + """[Event("x", Version = 3)] public sealed record Newest;""",
            "from version 2 of the event 'x'"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved([PersonalData(Subject = "Who")] string Address);""",
            "'Moved.Address' cannot be stored as personal data: 'Moved' has no public property 'Who'"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved([PersonalData(Subject = "Who")] string Address) { """
                + """[JsonIgnore] public Guid Who { get; init; } }""",
            "its subject 'Who' is not stored, so nothing would say whose data it is when it is read"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved([PersonalData(Subject = "Address")] string Address);""",
            "it cannot be its own subject"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(string Who, [PersonalData(Subject = "Name")] string Address, """
                + """[property: PersonalData(Subject = "Who")] string Name);""",
            "its subject 'Name' is personal data itself"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid? Who, [PersonalData(Subject = "Who")] string Address);""",
            "its subject 'Who' is of type 'System.Guid?' and may be null: make it 'System.Guid'"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [PersonalData] string Address);""",
            "it does not say whose data it is: name the property of the subject, as in [PersonalData(Subject = nameof(CustomerId))]"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [PersonalData(Subject = "")] string Address);""",
            "it does not say whose data it is"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(string? Who, [PersonalData(Subject = "Who")] string Address);""",
            "is of type 'string?'"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [PersonalData(Subject = "Who", Replacement = "0")] int Age);""",
            "only a text can have a replacement"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [PersonalData(Subject = "Who")] List<string> Names);""",
            "let it be null"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who) { """
                + """[JsonIgnore, PersonalData(Subject = "Who")] public string Name { get; init; } = ""; }""",
            "it is not stored"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who, [field: PersonalData(Subject = "Who")] string Name);""",
            "'Moved.Name.field' cannot be stored as personal data: it is the field behind a property; mark the property"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who) { """
                + """[PersonalData(Subject = "Who")] internal string Name { get; init; } = ""; }""",
            "'Moved.Name' cannot be stored as personal data: it is not stored"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Guid Who) : Base { [JsonIgnore] public new string Name { get; init; } = ""; } """
                + """public abstract record Base { [PersonalData(Subject = "Who")] public string Name { get; init; } = ""; }""",
            "'Base.Name' cannot be stored as personal data: it is not stored"
        },
        {
            "FES0021",
            """[Document] public sealed record Customer(Guid Id, [PersonalData(Subject = "Id")] string Name);""",
            "only events can hold personal data"
        },
        {
            "FES0021",
            """[Message] public sealed record SendMail(Guid Id, [PersonalData(Subject = "Id")] string To);""",
            "only events can hold personal data, not documents, messages or aggregates"
        },
        {
            "FES0021",
            """[Aggregate] public sealed partial record Customer(Guid Id, [PersonalData(Subject = "Id")] string Name);""",
            "only events can hold personal data"
        },
        {
            "FES0021",
            """[Event] public sealed record Moved(Person Person); """
                + """public sealed record Person([PersonalData(Subject = "Id")] string Name);""",
            "'Person.Name' cannot be stored as personal data"
        },
        { "FES0023", """[EventAlias("a")] public sealed record Moved(int A);""", "'Moved' has [EventAlias] but is not an event" },
        {
            "FES0022",
            """[Event] public sealed record Moved([Tag] Guid? Who);""",
            "'Moved.Who' cannot tag an event: it is of type 'System.Guid?' and may be null: make it 'System.Guid'"
        },
        {
            "FES0022",
            """[Event] public sealed record Moved([Tag] string? Who);""",
            "it is of type 'string?' and may be null: make it 'string'"
        },
        {
            "FES0022",
            """[StreamId] public readonly partial record struct Id(Guid Value); [Event] public sealed record Moved([Tag] Id? Who);""",
            "it is of type 'Id?' and may be null: make it 'Id'"
        },
        {
            "FES0022",
            """[assembly: ClosedEvent(typeof(Moved<string>))] [Event] public sealed record Moved<T>([Tag] T? Who);""",
            "'Moved<string?>.Who' cannot tag an event: it is of type 'string?' and may be null: make it 'string'"
        },
        {
            "FES0022",
            """[Event] public sealed record Moved { [JsonInclude, Tag] internal Guid Who { get; init; } }""",
            "'Moved.Who' cannot tag an event: it is not public"
        },
        {
            "FES0022",
            """[Event] public sealed class Moved([Tag] Guid id) { [JsonInclude] internal readonly Guid Id = id; }""",
            "'Moved.Id' cannot tag an event: it is not public"
        },
        {
            "FES0022",
            """[Event] public sealed record Moved : Base; """
                + """public abstract record Base { [JsonInclude, Tag] private Guid _who = Guid.Empty; }""",
            "'Base._who' cannot tag an event: it is not public"
        },
        {
            "FES0022",
            """[Event] public sealed record Moved([Tag] List<string> Names);""",
            "not Guid, string, int, long or a typed stream id"
        },
        { "FES0022", """[Event] public sealed record Moved([Tag("a:b")] string Who);""", "'a:b' is not a name for a tag" },
        {
            "FES0022",
            """[Event] public sealed record Moved(Guid Id, [Tag, PersonalData(Subject = "Id")] string Who);""",
            "a tag would show it"
        },
        {
            "FES0020",
            Upcasters("[Upcaster] public static V1 Up(Old old) => null!; ") + """[Event("y")] public sealed record Old;""",
            "from version 1 of the event 'x'"
        },
        { "FES0013", "[EventHandler] public sealed class Mailer { }", "declare 'Mailer' as partial" },
        { "FES0013", "[Decider] public static class Cart { static int Initial => 0; }", "declare 'Cart' as partial" },
        {
            "FES0024",
            Both
                + "[Aggregate] public sealed partial record Order(Guid Id) { public Order Apply(IPriced e) => this; public Order "
                + "Apply(INamed e) => this; }",
            "Both 'Order.Apply(IPriced)' and 'Order.Apply(INamed)' fit 'Placed', and neither is more derived: add a method for "
                + "'Placed'"
        },
        {
            "FES0024",
            Both + "[EventHandler] public sealed partial class Mailer { void Handle(IPriced e) { } void Handle(INamed e) { } }",
            "'Mailer.Handle(IPriced)'"
        },
        {
            "FES0024",
            Decider("static Placed Decide(IPriced c) => new(); static Placed Decide(INamed c) => new();")
                + "public interface IPriced; public interface INamed; public sealed record Both : IPriced, INamed;",
            "fit 'Both'"
        },
        { "FES0025", "[EventHandler] public static partial class Mailer { }", "'Mailer' cannot be a handler of events: it is static" },
        { "FES0025", "[EventHandler] public sealed partial class Mailer { }", "it has no method Handle" },
        { "FES0025", Handler("void Handle(Placed e) { }").Replace("class Mailer", "class Mailer<T>"), "it is generic" },
        {
            "FES0025",
            Handler("void Handle(Placed e) { }").Replace("public sealed partial class", "file sealed partial class"),
            "it is local to its file"
        },
        { "FES0025", "[Decider] public static partial class Cart { }", "'Cart' cannot be a decider: it has no property Initial" },
        { "FES0025", "[Decider] public static partial class Cart { static object Initial => 1; }", "its state is of type 'object'" },
        {
            "FES0025",
            Decider("static Placed Decide(Place c) => new();").Replace("class Cart", "class Decider"),
            "generated code gives it a property Decider, but it has that name already"
        },
        {
            "FES0025",
            Decider("static Placed Decide(Place c) => new(); static int Decider = 1;"),
            "generated code gives it a property Decider, but it has that name already"
        },
        { "FES0025", Decider(""), "it has no method Decide" },
        { "FES0025", Decider("static Placed Decide(Place c) => new();", evolve: ""), "it has no method Evolve" },
        {
            "FES0025",
            "[Event] public sealed record Placed; [Aggregate] public sealed partial record Order(Guid Id); [Decider] public static "
                + "partial class Cart { static Placed Decide(int c, Order? order) => new(); static Order? Evolve(Order? order, Placed e) "
                + "=> order; }",
            "an aggregate folds itself"
        },
    };

    private const string Both =
        "public interface IPriced; public interface INamed; [Event] public sealed record Placed : IPriced, INamed; ";

    private const string Shapes = """[Event("x", Version = 2)] public sealed record New; [Event("x")] public sealed record V1; """;

    [Theory, MemberData(nameof(Everything))]
    public void What_cannot_be_generated_is_an_error_that_says_why(string id, string source, string message)
    {
        var diagnostics = Sources.Run(Sources.Parse(source), out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Id.ShouldBe(id);
        diagnostics[0].Location.IsInSource.ShouldBeTrue();
    }

    [Fact]
    public void A_type_that_several_events_hold_is_reported_once() => Sources.Run(Sources.Parse("""
        [Event] public sealed record A(Line Line);
        [Event] public sealed record B(Line Line);
        public sealed record Line(object Value);
        """), out _).Diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain("'Line.Value'");

    [Fact]
    public void All_faults_of_a_type_are_reported_and_the_other_types_are_generated()
    {
        var result = Sources.Run(Sources.Parse("""
            [Event] public sealed record Bad(object A, Action B);
            [Event] public sealed record Good(int A);
            """), out _);
        result.Diagnostics.Length.ShouldBe(2);
        result.GeneratedSources.Select(static source => source.HintName).ShouldBe(["GoodJson.g.cs", "ShopCatalog.g.cs"], ignoreOrder: true);
    }

    [Fact]
    public void A_pragma_reaches_the_diagnostics()
    {
        var compilation = Sources.Parse("""
            #pragma warning disable FES0008
            [Event] public sealed record Placed { public int Count { get; } = 1; }
            """);
        Sources.Driver(compilation).RunGeneratorsAndUpdateCompilation(
            compilation, out _, out var diagnostics, TestContext.Current.CancellationToken);
        diagnostics.Where(static diagnostic => !diagnostic.IsSuppressed).ShouldBeEmpty();
    }

    private static string Order(string method) => $$"""
        [Event] public sealed record Placed;
        [Aggregate] public sealed partial record Order(Guid Id) { {{method}} }
        """;

    private static string Handler(string methods) => $$"""
        [Event] public sealed record Placed;
        [EventHandler] public sealed partial class Mailer { {{methods}} }
        """;

    private static string Decider(
        string decide, string state = "int", string evolve = "static int Evolve(int state, Placed e) => state;") => $$"""
        [Event] public sealed record Placed;
        public sealed record Place;
        [Decider] public static partial class Cart { static {{state}} Initial => default!; {{decide}} {{evolve}} }
        """;

    private static string Upcasters(string methods, bool isStatic = true, bool withV1 = true) =>
        (withV1 ? Shapes : """[Event("x", Version = 2)] public sealed record New; """)
            + $"public {(isStatic ? "static " : "")}class Upcasters {{ {methods} }}";
}
