using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>A recorded event of the model.</summary>
/// <param name="Id">Its id; <see langword="null"/> for one that stands for others, until the store has said which id it gave.</param>
/// <param name="Position">Its place among all events.</param>
/// <param name="Version">Its place in its stream.</param>
/// <param name="Data">What happened.</param>
/// <param name="Tags">The tags, as text.</param>
public sealed record ModelEvent(Guid? Id, long Position, long Version, object Data, IReadOnlySet<string> Tags)
{
    /// <summary>The tags of an event with this data, with some given by hand.</summary>
    public static IReadOnlySet<string> TagsOf(object data, IEnumerable<Tag> byHand)
    {
        HashSet<string> tags = [.. byHand.Select(static tag => tag.ToString())];
        if (data is CourseOffered offered)
            tags.Add($"course:{offered.Course}");
        return tags;
    }
}
