using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace FluentEventStore.AspNetCore;

/// <summary>Maps commands to deciders.</summary>
public static class CommandEndpoints
{
    extension(IEndpointRouteBuilder endpoints)
    {
        /// <summary>
        /// Takes a command by POST, has it decided over the stream that the route names, and answers with the state that the stream then
        /// has and with its <c>ETag</c>; with 204 if there is no state any more. A stream without events is answered with 404, a conflict
        /// is decided again, <c>If-Match</c> is checked against the stream before the decision.
        /// </summary>
        /// <typeparam name="TState">The type of the state.</typeparam>
        /// <typeparam name="TCommand">The type of the command. The application's JSON options read it.</typeparam>
        /// <param name="pattern">The route, as in <c>/accounts/{id}/deposits</c>.</param>
        /// <param name="decider">What decides, as in <c>AccountRules.Decider</c>.</param>
        /// <returns>The endpoint, for names, authorization and the like.</returns>
        /// <remarks>
        /// The state is written by its codec if it is an aggregate that has one, otherwise by the application's JSON options. With Native
        /// AOT they need a <c>JsonSerializerContext</c> for the command, and for the state.
        /// </remarks>
        public IEndpointConventionBuilder MapCommand<TState, TCommand>(string pattern, IDecider<TState> decider)
            where TCommand : notnull => endpoints.MapCommand<TState, TCommand>(pattern, decider, static _ => { });

        /// <inheritdoc cref="MapCommand{TState, TCommand}(IEndpointRouteBuilder, string, IDecider{TState})"/>
        /// <param name="pattern">The route, as in <c>/accounts/{id}/deposits</c>.</param>
        /// <param name="decider">What decides, as in <c>AccountRules.Decider</c>.</param>
        /// <param name="configure">Sets how the stream is found, whether it may begin, and how long a conflict is decided again.</param>
        public IEndpointConventionBuilder MapCommand<TState, TCommand>(
            string pattern, IDecider<TState> decider, Action<CommandEndpointOptions> configure)
            where TCommand : notnull
        {
            ArgumentNullException.ThrowIfNull(pattern);
            ArgumentNullException.ThrowIfNull(decider);
            ArgumentNullException.ThrowIfNull(configure);
            var options = new CommandEndpointOptions();
            configure(options);
            var command = new CommandEndpoint<TState, TCommand>(decider, options);
            var mapped = endpoints.MapPost(pattern, EndpointShell.Around(command.RunAsync, options.Store));
            mapped.Finally(endpoint => Check(endpoint, options));
            return mapped
                .WithMetadata(
                    new AcceptsMetadata(["application/json"], typeof(TCommand)),
                    Answers(StatusCodes.Status200OK, typeof(TState), "application/json"),
                    new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)),
                    Failures(StatusCodes.Status400BadRequest),
                    Failures(StatusCodes.Status404NotFound),
                    Failures(StatusCodes.Status409Conflict),
                    Failures(StatusCodes.Status410Gone),
                    Failures(StatusCodes.Status412PreconditionFailed),
                    Failures(StatusCodes.Status415UnsupportedMediaType),
                    Failures(StatusCodes.Status422UnprocessableEntity),
                    Failures(StatusCodes.Status500InternalServerError),
                    Failures(StatusCodes.Status503ServiceUnavailable))
                .WithParametersOfRoute();
        }
    }

    // The route is whole once the prefixes of its groups are known.
    private static void Check(EndpointBuilder endpoint, CommandEndpointOptions options)
    {
        EndpointShell.CheckStore(endpoint.ApplicationServices, options.Store);
        if (options.IsOfRoute && endpoint is RouteEndpointBuilder { RoutePattern: var route } && route.GetParameter("id") is null)
            throw new InvalidOperationException(
                $"The route '{route.RawText}' of a command has no value 'id': name the stream in it, or set StreamOf.");
    }

    private static ProducesResponseTypeMetadata Failures(int status) => Answers(status, typeof(ProblemDetails), "application/problem+json");

    private static ProducesResponseTypeMetadata Answers(int status, Type type, string contentType) => new(status, type, [contentType]);
}
