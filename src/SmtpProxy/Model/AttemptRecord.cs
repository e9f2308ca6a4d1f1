using System.Net;
using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>One attempt of a transaction at one destination.</summary>
/// <param name="Destination">Identifier of the destination.</param>
/// <param name="EndPoint">Its address, when a connection came about.</param>
/// <param name="Stage">The last stage reached.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Code">Code of the reply that ended it, 0 when there was none.</param>
/// <param name="Enhanced">Enhanced code of that reply.</param>
/// <param name="CountsAgainstSender">True when it adds to the sender's consecutive failures.</param>
public sealed record AttemptRecord(
    string Destination,
    EndPoint? EndPoint,
    TransactionStage Stage,
    AttemptResult Result,
    int Code,
    EnhancedStatusCode Enhanced,
    bool CountsAgainstSender);
