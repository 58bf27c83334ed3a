using System.Text;
using FluentEventStore.Postgres;

namespace FluentEventStore.Tests.Postgres;

public sealed class Utf8OrderTests
{
    private static readonly string[] Pieces =
        ["", "a", "b", "\u0001", "é", "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0010FFFF", "\U00010001"];

    [Fact]
    public void Texts_are_in_the_order_of_their_UTF_8()
    {
        string[] texts = [.. from first in Pieces from second in Pieces from third in Pieces select first + second + third];
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var pair = 0; pair < 200_000; pair++)
        {
            var (left, right) = (texts[random.Next(texts.Length)], texts[random.Next(texts.Length)]);
            var inUtf8 = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

            Math.Sign(Utf8Order.Compare(left, right)).ShouldBe(Math.Sign(inUtf8), $"{Escape(left)} and {Escape(right)}");
        }
    }

    private static string Escape(string text) => string.Concat(text.Select(static c => $"\\u{(int)c:X4}"));
}
