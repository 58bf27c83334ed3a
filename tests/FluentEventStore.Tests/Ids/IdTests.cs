namespace FluentEventStore.Tests.Ids;

public sealed class IdTests
{
    private static readonly string[] Pieces =
    [
        "", "a", "Z", "ä", " ", "/", "😀", "\0", "\n", "\u007f", "\u0085", "\ud83d", "\ude00", $"{Guid.Empty}", new('x', 248),
    ];

    [Fact]
    public void A_text_is_parsed_as_the_id_of_a_stream_if_the_constructor_takes_it()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var counts = (Ids: 0, Others: 0);
        for (var step = 0; step < 2000; step++)
        {
            var text = string.Concat(random.GetItems(Pieces, random.Next(4)));
            if (Construct(text) is { } id)
            {
                StreamId.TryParse(text, provider: null, out var parsed).ShouldBeTrue(text);
                (parsed, Parse<StreamId>(text)).ShouldBe((id, id));
                counts.Ids++;
            }
            else
            {
                StreamId.TryParse(text, provider: null, out var none).ShouldBeFalse(text);
                none.IsDefault.ShouldBeTrue();
                Should.Throw<FormatException>(() => Parse<StreamId>(text));
                counts.Others++;
            }
        }

        Math.Min(counts.Ids, counts.Others).ShouldBeGreaterThan(100);
        StreamId.TryParse(null, provider: null, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_guid_in_another_form_is_parsed_as_the_text_that_it_is()
    {
        var guid = Guid.NewGuid();

        Parse<StreamId>($"{guid}").ShouldBe(guid);
        Parse<StreamId>($"{guid:N}").Value.ShouldBe($"{guid:N}");
    }

    [Fact]
    public void A_text_that_cannot_be_stored_is_the_id_of_no_document()
    {
        foreach (var text in (string[])["a\0", "\ud83d", "\ude00a", "", new('x', 501)])
            Should.Throw<ArgumentException>(() => (DocumentId)text);

        ((DocumentId)"a\n😀").Value.ShouldBe("a\n😀");
    }

    private static StreamId? Construct(string text)
    {
        try
        {
            return new StreamId(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static T Parse<T>(string text)
        where T : IParsable<T> => T.Parse(text, provider: null);
}
