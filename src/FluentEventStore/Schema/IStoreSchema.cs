using Npgsql;

namespace FluentEventStore;

/// <summary>What the database holds for a store: its tables, its sequence and its functions. It only ever grows.</summary>
/// <remarks>
/// Nothing is ever dropped or rewritten. What somebody else added to the store's tables is left alone and reported. What cannot be added
/// without risk is a <see cref="SchemaMismatchException"/>: people must decide on it. If tenants have databases of their own, the store's
/// own schema stands for those of all tenants, one after the other, up to the first that fails.
/// </remarks>
public interface IStoreSchema
{
    /// <summary>
    /// Creates what is missing, all or nothing. If nothing is missing and nothing has changed since the last call, this is one query.
    /// </summary>
    /// <remarks>
    /// Processes that start together wait for each other, for 60 seconds at most. A statement waits at most 10 seconds for somebody who
    /// uses a table.
    /// </remarks>
    /// <returns>The statements that were run, and what is in the store's tables but is not the store's.</returns>
    /// <exception cref="SchemaMismatchException">Something is missing that cannot be added without risk. Nothing was changed.</exception>
    /// <exception cref="SchemaLockedException">Somebody kept changing a schema of the database. Nothing was changed.</exception>
    /// <exception cref="PostgresException">
    /// The database refused a statement, for example for want of rights. Nothing was changed.
    /// </exception>
    Task<SchemaReport> ApplyAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks that nothing is missing, and changes nothing. If something is missing, it waits for an <see cref="ApplyAsync"/> that is under
    /// way, for 60 seconds at most.
    /// </summary>
    /// <returns>What is in the store's tables but is not the store's; <see cref="SchemaReport.Applied"/> is empty.</returns>
    /// <exception cref="SchemaMismatchException">Something is missing; the exception holds the SQL.</exception>
    /// <exception cref="SchemaLockedException">Something is missing, and somebody kept changing a schema of the database.</exception>
    Task<SchemaReport> AssertAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Draws a new lock tag, which no other store in the database has. For a store that shares its tag with another one, such as a copy of
    /// it. The log stays readable. New appends wait until those under way have ended, for 10 seconds at most.
    /// </summary>
    /// <exception cref="SchemaLockedException">Somebody kept changing a schema of the database. Nothing was changed.</exception>
    /// <exception cref="PostgresException">
    /// The database refused, for want of rights or because appends under way did not end in time. Nothing was changed.
    /// </exception>
    Task RenewLockTagAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes the SQL that creates everything, for psql or a migration tool. Running it again changes nothing. No connection is opened.
    /// </summary>
    Task ScriptAsync(TextWriter writer, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a view for each event type that the process registers, or brings it up to date: <c>event_money_deposited</c> for
    /// <c>money-deposited</c>, with typed columns for the properties of its highest version. They are for people and reporting tools; the
    /// store does not use them.
    /// </summary>
    /// <param name="cancellationToken">Cancels the statements; nothing is changed then.</param>
    /// <remarks>
    /// All or nothing. Properties of older versions are null, personal data is shown as its encrypted JSON, as text, and properties whose
    /// names are longer than 63 bytes are left out. Events that were deleted or truncated are not shown. A view is never removed. If its
    /// columns cannot be changed in place, it is dropped and created, without its grants.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Two types would share a view, or a type's name is too long for one.</exception>
    /// <exception cref="EventViewConflictException">
    /// Something that this store did not create has the name of a view. Nothing was changed.
    /// </exception>
    /// <exception cref="SchemaMismatchException">The tables of the store are missing or behind.</exception>
    /// <exception cref="PostgresException">
    /// The database refused, for example because another view rests on one. Nothing was changed.
    /// </exception>
    Task CreateEventViewsAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="CreateEventViewsAsync(CancellationToken)"/>
    /// <param name="schema">The schema of the views, created if it is missing: <c>[a-z_][a-z0-9_]*</c>.</param>
    /// <param name="cancellationToken">Cancels the statements; nothing is changed then.</param>
    /// <exception cref="ArgumentException">The schema's name is not plain.</exception>
    Task CreateEventViewsAsync(string schema, CancellationToken cancellationToken = default);
}
