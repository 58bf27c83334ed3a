namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>A history of everything that is hard to import.</summary>
internal static class OddHistory
{
    public const string InvalidUtf8 = "caf\u00E9.txt";
    public const string LooksQuoted = "\"caf\\351.txt\"";

    public static async Task<TestRepository> CreateAsync()
    {
        var repository = await TestRepository.CreateAsync();
        Write(repository);
        await repository.SaveAsync();
        return repository;
    }

    /// <summary>Commits on, from where <see cref="CreateAsync"/> ended: a branch that forked off early is merged, too.</summary>
    public static async Task ContinueAsync(TestRepository repository)
    {
        var old = repository.Commit(
            "old", ":2", Edit.Lines("both.txt", 4, seed: 9), Edit.Lines("from-old.txt", 3), Edit.Remove("gone-in-merge.txt"));
        var moved = repository.Commit(
            "main", "refs/heads/main^0", Edit.Rename("evil.txt", "good.txt"), Edit.Lines("kept.txt", 30, seed: 3));
        repository.Commit("main", [moved, old], [Edit.Lines("from-old.txt", 3), Edit.Remove("kept.txt")]);
        repository.Commit("main", "refs/heads/main^0", Edit.Lines("from-old.txt", 5, seed: 1));
        await repository.SaveAsync();
    }

    private static void Write(TestRepository repository)
    {
        var root = repository.Commit("main", null, [
            Edit.Lines("README.md", 20),
            Edit.Lines("kept.txt", 30),
            Edit.Lines("moved.txt", 30),
            Edit.Lines("moved-twice.txt", 30),
            Edit.Lines("gone-in-merge.txt", 5),
            Edit.Lines("src/a.txt", 10),
            Edit.Lines("tab\there.txt", 2),
            Edit.Lines("line\nbreak.txt", 2),
            Edit.Lines("\u0001header?", 2),
            Edit.Lines("[red]markup[/]", 1),
            Edit.Lines(new string('n', 300) + ".txt", 3),
            Edit.Lines(InvalidUtf8, 3),
            Edit.Lines(LooksQuoted, 4),
            Edit.Lines("\u00C3\u00A9t\u00C3\u00A9.txt", 3),
            Edit.Put("empty", ""),
            Edit.Put("no-line-break", "one line"),
            Edit.Put("image.png", "\u0089PNG\u0000\u0001\u0002"),
            Edit.Submodule("library", '1'),
        ]);
        var second = repository.Commit("main", root,
            Edit.Submodule("library", '2'),
            Edit.Put("image.png", "\u0089PNG\u0000\u0003"),
            Edit.Put("src/a.txt", Edit.LinesOf("src/a.txt", 10), mode: "100755"),
            Edit.Rename(InvalidUtf8, "tab\tin name.txt"));
        repository.Commit("main", [second], []); // An empty commit.

        var left = repository.Commit("left", second,
            Edit.Remove("kept.txt"),
            Edit.Rename("moved.txt", "moved/here.txt"),
            Edit.Rename("moved-twice.txt", "moved-left.txt"),
            Edit.Lines("both.txt", 6, seed: 1),
            Edit.Remove("no-line-break"),
            Edit.Lines("target.txt", 12, seed: 1));
        left = repository.Commit("left", left, Edit.Lines("README.md", 22, seed: 0), Edit.Link("src/a.txt", "../README.md"));

        var right = repository.Commit("right", second,
            Edit.Lines("kept.txt", 31),
            Edit.Lines("moved.txt", 33),
            Edit.Rename("moved-twice.txt", "moved-right.txt"),
            Edit.Lines("both.txt", 7, seed: 2),
            Edit.Remove("no-line-break"));
        right = repository.Commit("right", right, Edit.Rename("src/a.txt", "target.txt"), Edit.Remove("moved.txt"));

        // Keeps what the left deleted and the right changed; brings in files that no parent has; drops one that both have.
        var merge = repository.Commit("main", [left, right], [
            Edit.Lines("kept.txt", 31),
            Edit.Lines("moved-right.txt", 30),
            Edit.Lines("evil.txt", 8),
            Edit.Lines("evil-deleted-later.txt", 8),
            Edit.Lines("evil-moved-later.txt", 30),
            Edit.Remove("gone-in-merge.txt"),
            Edit.Submodule("tools", '3'),
        ]);
        var after = repository.Commit("main", merge,
            Edit.Lines("evil.txt", 9),
            Edit.Remove("evil-deleted-later.txt"),
            Edit.Rename("evil-moved-later.txt", "evil-moved.txt"),
            Edit.Lines("both.txt", 8, seed: 1));
        after = repository.Commit("main", after, Edit.Remove("README.md"));
        after = repository.Commit("main", after, Edit.Lines("README.md", 3, seed: 5));

        var third = repository.Commit("third", root, Edit.Lines("third.txt", 2));
        var fourth = repository.Commit("fourth", root, Edit.Lines("fourth.txt", 2));
        after = repository.Commit(
            "main", [after, third, fourth], [Edit.Lines("third.txt", 2), Edit.Lines("fourth.txt", 2), Edit.Remove("src/a.txt")]);
        WriteOddAuthors(repository, after);
    }

    private static void WriteOddAuthors(TestRepository repository, string from)
    {
        var next = repository.Commit("main", [from], [Edit.Lines("1", 1)], author: "Nobody <>");
        next = repository.Commit("main", [next], [Edit.Lines("2", 1)], author: $"Long <{new string('x', 400)}@example.com>");
        next = repository.Commit(
            "main",
            [next],
            [Edit.Lines("3", 1)],
            author: "Ren\u00E9 <ren\u00E9@example.com>",
            encoding: "ISO-8859-1",
            message: "D\u00E9j\u00E0 vu");
        next = repository.Commit(
            "main", [next], [Edit.Lines("4", 1)], author: "Bj\u00F6rn <bj\u00F6rn@example.com>"); // Says UTF-8, is not.
        next = repository.Commit(
            "main", [next], [Edit.Lines("5", 1)], author: "\u001B[31mRed <red\t@example.com>", message: "\u0001\n\nbody");
        next = repository.Commit("main", [next], [Edit.Lines("6", 1)], date: "0 -1130");
        next = repository.Commit("main", [next], [Edit.Lines("7", 1)], date: "99999999999 +9959");
        repository.Commit(
            "main",
            [next],
            [Edit.Put(".mailmap", "Ada King <ada@example.com> <augusta@example.com>\n")],
            author: "Augusta <augusta@example.com>");
    }
}
