using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

public sealed class SlicesTests
{
    // What these keys fall into is stored with every checkpoint: they may never change.
    [Theory]
    [InlineData("default", "order-1", 35)]
    [InlineData("default", "order-2", 19)]
    [InlineData("tenant-ä", "order-1", 10)]
    [InlineData("default", "", 36)]
    public void A_key_falls_into_the_same_slice_in_every_process_and_release(string tenant, string key, int slice) =>
        Slices.Of(tenant, key).ShouldBe(slice);

    [Fact]
    public void Keys_are_spread_over_all_slices()
    {
        var counts = new int[SubscriptionTables.SliceCount];
        for (var index = 0; index < 64_000; index++)
            counts[Slices.Of("default", $"order-{index}")]++;

        counts.Min().ShouldBeGreaterThan(800);
        counts.Max().ShouldBeLessThan(1200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void All_slices_are_split_into_ranges_without_gaps(int count)
    {
        var ranges = RangeKey.Split(count);
        ranges.Count.ShouldBe(count);
        ranges.SelectMany(static range => Enumerable.Range(range.First, range.Last - range.First + 1))
            .ShouldBe(Enumerable.Range(0, SubscriptionTables.SliceCount));
    }
}
