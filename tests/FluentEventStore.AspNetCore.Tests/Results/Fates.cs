namespace FluentEventStore.AspNetCore.Tests;

/// <summary>What can become of the stream of a till.</summary>
internal static class Fates
{
    public static async Task MeetAsync(ShopStore shop, Guid id, string fate)
    {
        if (fate == "nothing")
            return;

        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(5)));
        await EndAsync(shop, id, fate);
    }

    public static Task EndAsync(ShopStore shop, Guid id, string fate) => shop.SaveAsync(session =>
    {
        switch (fate)
        {
            case "deleted":
                session.Events.DeleteStream(id);
                break;
            case "tombstoned":
                session.Events.TombstoneStream(id);
                break;
            case "archived":
                session.Events.ArchiveStream(id);
                break;
            case "closed":
                session.Events.Append(id, new TillClosed());
                break;
        }
    });
}
