using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>A condition that a statement has in some of its shapes.</summary>
/// <param name="IsIn">Whether a shape has it.</param>
/// <param name="Text">What is written, with <c>{0}</c> for the one parameter that it takes.</param>
/// <param name="AddParameter">Adds the parameter.</param>
internal sealed record ShapedCondition<TShape, TSource>(
    Func<TShape, bool> IsIn, string Text, Action<NpgsqlBatchCommand, TSource> AddParameter);
