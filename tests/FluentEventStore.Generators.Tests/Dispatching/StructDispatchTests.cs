using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class StructDispatchTests
{
    private const string Structs = """
        internal sealed class Boxed
        {
            public static object Of(int value) => value;
        }
        internal sealed class Asked<T>(IEvent<T> e) : IEvent<T> where T : notnull
        {
            public T Data => e.Data;
            object IEvent.Data => throw new InvalidOperationException("It would be boxed.");
            public Guid Id => e.Id;
            public long Position => e.Position;
            public StreamId StreamId => e.StreamId;
            public long Version => e.Version;
            public string TypeName => e.TypeName;
            public int TypeVersion => e.TypeVersion;
            public DateTimeOffset Timestamp => e.Timestamp;
            public string? CorrelationId => e.CorrelationId;
            public string? CausationId => e.CausationId;
            public string? UserName => e.UserName;
            public IReadOnlyDictionary<string, string> Headers => e.Headers;
            public TenantId TenantId => e.TenantId;
            public EventLink? Link => e.Link;
        }
        [EventHandler] public sealed partial class Counter
        {
            public int Sum;
            void Handle(Ticked e) => Sum += e.Ticks;
            void Handle(INote e) => Sum += 100;
            void Handle(IEvent<Counted> e) => Sum += e.Data.Text.Length;
        }
        [Aggregate] public sealed partial class Total
        {
            public int Sum { get; private set; }
            private void Apply(Ticked e) => Sum += e.Ticks;
            private bool ShouldDelete(IEvent<Counted> e) => false;
        }
        public static class Test
        {
            public static string Run()
            {
                var events = Given.Events();
                IEvent[] structs =
                [
                    new Asked<Counted>(events.OfType<IEvent<Counted>>().Single()),
                    new Asked<Ticked>(events.OfType<IEvent<Ticked>>().Single())
                ];
                var counter = new Counter();
                var total = default(Total);
                foreach (var e in structs)
                {
                    ((IEventHandler)counter).HandleAsync(e, null!);
                    total = Total.GeneratedDispatch.Fold(total, e);
                }

                return string.Join(" ", counter.Sum, total!.Sum, structs.Length - 1);
            }
        }
        """;

    /// <summary>A struct is boxed by an instruction of generated code, or by whoever asks the event for its data as an object.</summary>
    [Fact]
    public void A_struct_reaches_its_method_without_being_boxed()
    {
        Sources.Generate(Sources.Parse(DispatchTests.Events + Structs), out var output);
        LoadedCase.Run(output).ShouldBe("2 1 1");
        var boxing = Boxing.MethodsIn(LoadedCase.Emit(output));
        boxing.ShouldContain("Boxed.Of");
        boxing.ShouldNotContain(
            static method => method.StartsWith("Counter.", StringComparison.Ordinal)
                || method.StartsWith("GeneratedDispatch.", StringComparison.Ordinal));
    }
}
