using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Postgres;

/// <summary>A parameter of a statement, and where its value comes from.</summary>
/// <typeparam name="TSource">Where it comes from.</typeparam>
internal abstract class StatementParameter<TSource>
{
    /// <summary>A parameter with the value of a source.</summary>
    public abstract NpgsqlParameter Create(TSource source);

    /// <summary>Sets a parameter that was made here to the value of another source.</summary>
    public abstract void Set(NpgsqlParameter parameter, TSource source);

    /// <summary>Takes the value away.</summary>
    public abstract void Clear(NpgsqlParameter parameter);

    /// <param name="value">The value; NULL if it is <see langword="null"/>.</param>
    /// <param name="type">Its type in the database.</param>
    public static StatementParameter<TSource> Of<T>(Func<TSource, T> value, NpgsqlDbType type) => new Typed<T>(value, type);

    private sealed class Typed<T>(Func<TSource, T> value, NpgsqlDbType type) : StatementParameter<TSource>
    {
        public override NpgsqlParameter Create(TSource source) => BatchExtensions.Parameter(value(source), type);

        public override void Set(NpgsqlParameter parameter, TSource source) => ((NpgsqlParameter<T>)parameter).TypedValue = value(source);

        public override void Clear(NpgsqlParameter parameter) => ((NpgsqlParameter<T>)parameter).TypedValue = default;
    }
}
