namespace FluentEventStore.PostgresTests.Bank;

[StreamId]
public readonly partial record struct StudentId(Guid Value);

[Event]
public sealed record CourseOffered([Tag("course")] string Course, int Places);

[Event]
public sealed record StudentEnrolled([Tag("course")] string Course, [Tag] StudentId Student);

/// <summary>What an enrolment in a course rests on.</summary>
[Aggregate]
public sealed partial record Enrolment(int Places, int Taken)
{
    public static Enrolment Create(CourseOffered e) => new(e.Places, 0);

    public Enrolment Apply(StudentEnrolled e) => this with { Taken = Taken + 1 };
}
