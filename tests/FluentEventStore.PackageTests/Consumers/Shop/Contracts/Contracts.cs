using System;
using System.Collections.Generic;
using FluentEventStore;

namespace Contracts
{
    public static class Outer
    {
        public static class Inner
        {
            [Event("nested")]
            public sealed record Event(string Text, DayOfWeek Day);
        }
    }

    public sealed record Page<T>(T First, int Count = 1);

    [Event]
    public sealed record PageTurned(Page<int> Number, Page<Page<string>> Text);

    [Event]
    public readonly record struct Measured(double Value, DateTimeOffset At);

    [Event]
    public sealed class Legacy
    {
        public string Name { get; set; }

        public int? Count { get; set; }

        public List<string> Lines { get; set; }

        public override string ToString() => $"{nameof(Legacy)} {Name} {Count} {string.Join("+", Lines)}";
    }
}

namespace Contracts.@namespace
{
    public enum @enum
    {
        @true,
        @false,
    }

    [Event("keyword")]
    public sealed record @class(int @int, string @event, @enum @default)
    {
        public string @string { get; init; }
    }
}
