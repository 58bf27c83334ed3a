namespace FluentEventStore.PostgresTests.Bank;

[StreamId]
public readonly partial record struct StudentId(Guid Value);

[Event]
public sealed record CourseOffered([Tag("course")] string Course, int Places);

[Event]
public sealed record StudentEnrolled([Tag("course")] string Course, [Tag] StudentId Student);

/// <summary>An event that can be changed after it was given to somebody.</summary>
[Event]
public sealed record Label
{
    [Tag("course")]
    public string Course { get; set; } = "";
}

/// <summary>As <see cref="Label"/>, with personal data.</summary>
[Event]
public sealed record NamedLabel
{
    [Tag("course")]
    public string Course { get; set; } = "";

    public Guid PersonId { get; set; }

    [PersonalData(Subject = nameof(PersonId))]
    public string Name { get; set; } = "";
}

/// <summary>What an enrolment in a course rests on.</summary>
[Aggregate]
public sealed partial record Enrolment(int Places, int Taken)
{
    public static Enrolment Create(CourseOffered e) => new(e.Places, 0);

    public Enrolment Apply(StudentEnrolled e) => this with { Taken = Taken + 1 };
}
