using System.Globalization;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>The conditions that a statement may have. Their texts number the parameters in the order in which they are added.</summary>
internal sealed class ShapedConditions<TShape, TSource>(params ShapedCondition<TShape, TSource>[] conditions)
{
    /// <summary>Writes those that a shape has, each on a line of its own.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="parameter">The number of the next parameter.</param>
    public string Write(TShape shape, ref int parameter)
    {
        var text = "";
        foreach (var condition in conditions)
        {
            if (condition.IsIn(shape))
                text += "\n  " + string.Format(CultureInfo.InvariantCulture, condition.Text, $"${parameter++}");
        }

        return text;
    }

    /// <summary>Adds the parameters of those that a shape has.</summary>
    public void AddParameters(NpgsqlBatchCommand command, TShape shape, TSource source)
    {
        foreach (var condition in conditions)
        {
            if (condition.IsIn(shape))
                condition.AddParameter(command, source);
        }
    }
}
